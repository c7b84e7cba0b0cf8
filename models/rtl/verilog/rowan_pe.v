// SPDX-License-Identifier: Apache-2.0
//
// A processing element: four FIFOs, three scratchpads, a multiply unit and an adder; filter loader,
// ifmap loader and compute process (the sequencer) side by side. Where it stands is what its registers
// say.

module rowan_pe #(
    parameter PE_TYPE = 0,
    parameter ACTIVATION_BITS = 16,
    parameter WEIGHT_BITS = 16,
    parameter PRODUCT_BITS = 16,
    parameter PSUM_BITS = 16,
    parameter SATURATE = 0,
    parameter MULTIPLY_LATENCY = 1,
    parameter ACCUMULATE_LATENCY = 2,
    parameter ZERO_GATING = 1,

    parameter IFMAP_SPAD_WORDS = 12,
    parameter FILTER_SPAD_WORDS = 224,
    parameter PSUM_SPAD_WORDS = 24,
    parameter IFMAP_FIFO_WORDS = 4,
    parameter FILTER_FIFO_WORDS = 8,
    parameter PSUM_IN_FIFO_WORDS = 24,
    parameter PSUM_OUT_FIFO_WORDS = 24,

    // Of each bus: ID bits, words of a packet, parts of a word, lines.
    parameter FILTER_ROW_ID_BITS = 4,
    parameter FILTER_COLUMN_ID_BITS = 4,
    parameter FILTER_WORDS = 4,
    parameter FILTER_PARTS = 1,
    parameter FILTER_BUS_BITS = 64,
    parameter IFMAP_ROW_ID_BITS = 4,
    parameter IFMAP_COLUMN_ID_BITS = 5,
    parameter IFMAP_PARTS = 1,
    parameter IFMAP_BUS_BITS = 16,
    parameter PSUM_ROW_ID_BITS = 4,
    parameter PSUM_COLUMN_ID_BITS = 4,
    parameter PSUM_WORDS = 4,
    parameter PSUM_PARTS = 1,
    parameter PSUM_BUS_BITS = 64,
    parameter LINK_WORDS = 4  // that a link moves in a cycle
) (
    input wire       clock,
    input wire       reset,
    input wire       restart,  // in the cycle before a pass's release
    input wire       running,  // from the release to the drain
    input wire [4:0] product_shift,

    // The registers of docs/rtl.md, section 3; cycles by cause, 0 unless selected.
    input  wire        configure /*verilator public_flat_rd*/,
    input  wire        select /*verilator public_flat_rd*/,
    input  wire [ 3:0] register_index,
    input  wire [31:0] register_data,
    output wire [31:0] counter,

    // Filter GIN: the packet on offer, whether it lacks room here, its issue, and the bus.
    input  wire [      FILTER_ROW_ID_BITS-1:0] filter_offer_row,
    input  wire [   FILTER_COLUMN_ID_BITS-1:0] filter_offer_column,
    input  wire [$clog2(FILTER_WORDS+1)-1 : 0] filter_offer_words,
    output wire                                filter_full,
    input  wire                                filter_issue,
    input  wire                                filter_bus_valid,
    input  wire [      FILTER_ROW_ID_BITS-1:0] filter_bus_row,
    input  wire [   FILTER_COLUMN_ID_BITS-1:0] filter_bus_column,
    input  wire [$clog2(FILTER_WORDS+1)-1 : 0] filter_bus_words,
    input  wire [         FILTER_BUS_BITS-1:0] filter_bus_data,

    // Ifmap GIN.
    input  wire [   IFMAP_ROW_ID_BITS-1:0] ifmap_offer_row,
    input  wire [IFMAP_COLUMN_ID_BITS-1:0] ifmap_offer_column,
    output wire                            ifmap_full,
    input  wire                            ifmap_issue,
    input  wire                            ifmap_bus_valid,
    input  wire [   IFMAP_ROW_ID_BITS-1:0] ifmap_bus_row,
    input  wire [IFMAP_COLUMN_ID_BITS-1:0] ifmap_bus_column,
    input  wire [      IFMAP_BUS_BITS-1:0] ifmap_bus_data,

    // Psum GIN.
    input  wire [      PSUM_ROW_ID_BITS-1:0] psum_offer_row,
    input  wire [   PSUM_COLUMN_ID_BITS-1:0] psum_offer_column,
    input  wire [$clog2(PSUM_WORDS+1)-1 : 0] psum_offer_words,
    output wire                              psum_full,
    input  wire                              psum_issue,
    input  wire                              psum_bus_valid,
    input  wire [      PSUM_ROW_ID_BITS-1:0] psum_bus_row,
    input  wire [   PSUM_COLUMN_ID_BITS-1:0] psum_bus_column,
    input  wire [$clog2(PSUM_WORDS+1)-1 : 0] psum_bus_words,
    input  wire [         PSUM_BUS_BITS-1:0] psum_bus_data,

    // GON: the packet that is asked for, whether it is here, its issue, and what this PE drives.
    input  wire [      PSUM_ROW_ID_BITS-1:0] gon_offer_row,
    input  wire [   PSUM_COLUMN_ID_BITS-1:0] gon_offer_column,
    input  wire [$clog2(PSUM_WORDS+1)-1 : 0] gon_offer_words,
    output wire                              gon_there,
    input  wire                              gon_issue,
    output wire [         PSUM_BUS_BITS-1:0] gon_bus_data,

    // The link from the PE below.
    output wire [(PSUM_IN_FIFO_WORDS > 1 ? $clog2(PSUM_IN_FIFO_WORDS) : 1) : 0] below_free,
    input  wire [$clog2(LINK_WORDS+1)-1 : 0] below_reserve /*verilator public_flat_rd*/,
    input  wire [$clog2(LINK_WORDS+1)-1 : 0] below_write /*verilator public_flat_rd*/,
    input  wire [LINK_WORDS*PSUM_BITS-1:0] below_data /*verilator public_flat_rd*/,

    // The link to the PE above.
    output wire above_used,
    output wire [(PSUM_OUT_FIFO_WORDS > 1 ? $clog2(PSUM_OUT_FIFO_WORDS) : 1) : 0] above_stored,
    output wire [LINK_WORDS*PSUM_BITS-1:0] above_data,
    input  wire [$clog2(LINK_WORDS+1)-1 : 0] above_take /*verilator public_flat_rd*/
);

    // All PEs are one class for Verilator, instead of a copy of each in the code around them. The inputs
    // that the array drives differently for each PE are public, or Verilator would put what drives them
    // into the class, and write its code once for every PE (twice as much for 3 x 4 PEs).
    /*verilator no_inline_module*/

    localparam IFMAP_ADDRESS_BITS = IFMAP_SPAD_WORDS > 1 ? $clog2(IFMAP_SPAD_WORDS) : 1;
    localparam FILTER_ADDRESS_BITS = FILTER_SPAD_WORDS > 1 ? $clog2(FILTER_SPAD_WORDS) : 1;
    localparam PSUM_ADDRESS_BITS = PSUM_SPAD_WORDS > 1 ? $clog2(PSUM_SPAD_WORDS) : 1;

    // ---- Registers of the pass

    // Of psums; otherwise there are none.
    localparam [1:0] SOURCE_PSUM_GIN = 2'd1;
    localparam [1:0] SOURCE_BELOW = 2'd2;

    wire active;
    wire [1:0] source;
    wire sink;
    wire [PSUM_ADDRESS_BITS:0] psums;
    wire [15:0] images;
    wire [15:0] windows;
    wire [23:0] image_words;
    wire [IFMAP_ADDRESS_BITS:0] run_words;
    wire [IFMAP_ADDRESS_BITS:0] runs;
    wire [IFMAP_ADDRESS_BITS:0] run_stride;
    wire [IFMAP_ADDRESS_BITS:0] window_stride;
    wire [IFMAP_ROW_ID_BITS-1:0] ifmap_row;
    wire [IFMAP_COLUMN_ID_BITS-1:0] ifmap_column;
    wire [FILTER_ROW_ID_BITS-1:0] filter_row;
    wire [FILTER_COLUMN_ID_BITS-1:0] filter_column;
    wire [PSUM_ROW_ID_BITS-1:0] psum_row;
    wire [PSUM_COLUMN_ID_BITS-1:0] psum_column;

    rowan_pe_registers #(
        .IFMAP_ADDRESS_BITS(IFMAP_ADDRESS_BITS), .PSUM_ADDRESS_BITS(PSUM_ADDRESS_BITS),
        .FILTER_ROW_ID_BITS(FILTER_ROW_ID_BITS), .FILTER_COLUMN_ID_BITS(FILTER_COLUMN_ID_BITS),
        .IFMAP_ROW_ID_BITS(IFMAP_ROW_ID_BITS), .IFMAP_COLUMN_ID_BITS(IFMAP_COLUMN_ID_BITS),
        .PSUM_ROW_ID_BITS(PSUM_ROW_ID_BITS), .PSUM_COLUMN_ID_BITS(PSUM_COLUMN_ID_BITS)
    ) registers (
        .clock(clock), .reset(reset),
        .configure(configure), .register_index(register_index), .register_data(register_data),
        .active(active), .source(source), .sink(sink),
        .psums(psums), .images(images), .windows(windows), .image_words(image_words),
        .run_words(run_words), .runs(runs), .run_stride(run_stride), .window_stride(window_stride),
        .ifmap_row(ifmap_row), .ifmap_column(ifmap_column),
        .filter_row(filter_row), .filter_column(filter_column),
        .psum_row(psum_row), .psum_column(psum_column)
    );

    wire working = running && active;
    wire has_source = source == SOURCE_PSUM_GIN || source == SOURCE_BELOW;
    assign above_used = active && !sink;

    // ---- Filters

    wire filter_load;
    wire [FILTER_ADDRESS_BITS-1:0] filter_load_address;
    wire [WEIGHT_BITS-1:0] filter_load_data;
    wire filters_loaded;

    rowan_filter_loader #(
        .WEIGHT_BITS(WEIGHT_BITS), .FIFO_WORDS(FILTER_FIFO_WORDS),
        .ADDRESS_BITS(FILTER_ADDRESS_BITS), .IFMAP_ADDRESS_BITS(IFMAP_ADDRESS_BITS),
        .PSUM_ADDRESS_BITS(PSUM_ADDRESS_BITS),
        .ROW_ID_BITS(FILTER_ROW_ID_BITS), .COLUMN_ID_BITS(FILTER_COLUMN_ID_BITS),
        .WORDS(FILTER_WORDS), .PARTS(FILTER_PARTS), .BUS_BITS(FILTER_BUS_BITS)
    ) filter_loader (
        .clock(clock), .restart(restart), .active(active), .working(working),
        .row(filter_row), .column(filter_column),
        .psums(psums), .run_words(run_words), .runs(runs),
        .offer_row(filter_offer_row), .offer_column(filter_offer_column),
        .offer_words(filter_offer_words), .full(filter_full), .issue(filter_issue),
        .bus_valid(filter_bus_valid), .bus_row(filter_bus_row), .bus_column(filter_bus_column),
        .bus_words(filter_bus_words), .bus_data(filter_bus_data),
        .load(filter_load), .load_address(filter_load_address), .load_data(filter_load_data),
        .loaded(filters_loaded)
    );

    // ---- Ifmaps

    wire ifmap_load;
    wire [IFMAP_ADDRESS_BITS-1:0] ifmap_load_slot;
    wire [ACTIVATION_BITS-1:0] ifmap_load_data;
    wire release_window;
    wire [IFMAP_ADDRESS_BITS:0] released;
    wire [IFMAP_ADDRESS_BITS-1:0] window_slot;
    wire [IFMAP_ADDRESS_BITS:0] held;

    rowan_ifmap_loader #(
        .ACTIVATION_BITS(ACTIVATION_BITS), .SPAD_WORDS(IFMAP_SPAD_WORDS), .FIFO_WORDS(IFMAP_FIFO_WORDS),
        .ROW_ID_BITS(IFMAP_ROW_ID_BITS), .COLUMN_ID_BITS(IFMAP_COLUMN_ID_BITS),
        .PARTS(IFMAP_PARTS), .BUS_BITS(IFMAP_BUS_BITS)
    ) ifmap_loader (
        .clock(clock), .restart(restart), .active(active), .working(working),
        .row(ifmap_row), .column(ifmap_column),
        .images(images), .image_words(image_words),
        .offer_row(ifmap_offer_row), .offer_column(ifmap_offer_column),
        .full(ifmap_full), .issue(ifmap_issue),
        .bus_valid(ifmap_bus_valid), .bus_row(ifmap_bus_row), .bus_column(ifmap_bus_column),
        .bus_data(ifmap_bus_data),
        .load(ifmap_load), .load_slot(ifmap_load_slot), .load_data(ifmap_load_data),
        .release_window(release_window), .released(released),
        .window_slot(window_slot), .held(held)
    );

    // ---- Psums

    wire no_incoming;
    wire [PSUM_BITS-1:0] in_word;
    wire no_room;
    wire issue_accumulation;
    wire out_write;
    wire [PSUM_BITS-1:0] out_word;

    rowan_psum_fifos #(
        .PSUM_BITS(PSUM_BITS), .IN_FIFO_WORDS(PSUM_IN_FIFO_WORDS), .OUT_FIFO_WORDS(PSUM_OUT_FIFO_WORDS),
        .ROW_ID_BITS(PSUM_ROW_ID_BITS), .COLUMN_ID_BITS(PSUM_COLUMN_ID_BITS),
        .WORDS(PSUM_WORDS), .PARTS(PSUM_PARTS), .BUS_BITS(PSUM_BUS_BITS), .LINK_WORDS(LINK_WORDS)
    ) psum_fifos (
        .clock(clock), .restart(restart), .active(active),
        .row(psum_row), .column(psum_column),
        .gin_offer_row(psum_offer_row), .gin_offer_column(psum_offer_column),
        .gin_offer_words(psum_offer_words), .gin_full(psum_full), .gin_issue(psum_issue),
        .gin_bus_valid(psum_bus_valid), .gin_bus_row(psum_bus_row), .gin_bus_column(psum_bus_column),
        .gin_bus_words(psum_bus_words), .gin_bus_data(psum_bus_data),
        .gon_offer_row(gon_offer_row), .gon_offer_column(gon_offer_column),
        .gon_offer_words(gon_offer_words), .gon_there(gon_there),
        .gon_issue(gon_issue), .gon_bus_data(gon_bus_data),
        .below_free(below_free), .below_reserve(below_reserve),
        .below_write(below_write), .below_data(below_data),
        .above_stored(above_stored), .above_data(above_data), .above_take(above_take),
        .no_incoming(no_incoming), .take(issue_accumulation && has_source), .in_word(in_word),
        .no_room(no_room), .reserve(issue_accumulation), .write(out_write), .write_data(out_word)
    );

    // ---- Compute

    wire issue_mac;
    wire first_psum;
    wire [PSUM_ADDRESS_BITS-1:0] psum;
    wire [IFMAP_ADDRESS_BITS:0] word_offset;
    wire [FILTER_ADDRESS_BITS-1:0] filter_address;
    wire computing;
    wire lacks_filters;
    wire lacks_ifmap;
    wire hazard;
    wire lacks_psum;
    wire lacks_room;

    rowan_pe_sequencer #(
        .ACCUMULATE_LATENCY(ACCUMULATE_LATENCY),
        .IFMAP_ADDRESS_BITS(IFMAP_ADDRESS_BITS), .FILTER_ADDRESS_BITS(FILTER_ADDRESS_BITS),
        .PSUM_ADDRESS_BITS(PSUM_ADDRESS_BITS)
    ) sequencer (
        .clock(clock), .restart(restart), .working(working),
        .psums(psums), .images(images), .windows(windows), .image_words(image_words),
        .run_words(run_words), .runs(runs), .run_stride(run_stride), .window_stride(window_stride),
        .filters_loaded(filters_loaded), .held(held),
        .no_incoming(has_source && no_incoming), .no_room(no_room),
        .issue_mac(issue_mac), .issue_accumulation(issue_accumulation),
        .first_psum(first_psum), .psum(psum), .word_offset(word_offset),
        .filter_address(filter_address),
        .release_window(release_window), .released(released),
        .computing(computing), .lacks_filters(lacks_filters), .lacks_ifmap(lacks_ifmap),
        .hazard(hazard), .lacks_psum(lacks_psum), .lacks_room(lacks_room)
    );

    rowan_cycle_counters cycle_counters (
        .clock(clock), .restart(restart),
        .computing(computing), .lacks_filters(lacks_filters), .lacks_ifmap(lacks_ifmap),
        .hazard(hazard), .lacks_psum(lacks_psum), .lacks_room(lacks_room),
        .select(select), .register_index(register_index), .counter(counter)
    );

    // ---- Operands: the registers of the multiply unit's first stage

    wire [IFMAP_ADDRESS_BITS-1:0] word_slot;
    wire [ACTIVATION_BITS-1:0] ifmap_word;
    wire [WEIGHT_BITS-1:0] weight;
    reg [ACTIVATION_BITS-1:0] activation;
    reg activation_is_zero;

    // A gated MAC reads no filter and no psum, and leaves the operands as they are.
    wire gated = ZERO_GATING != 0 && (first_psum ? ifmap_word == 0 : activation_is_zero);
    wire multiply = issue_mac && !gated;

    always @(posedge clock) begin
        if (issue_mac && first_psum) begin
            activation_is_zero <= ifmap_word == 0;
            if (!gated) activation <= ifmap_word;
        end
    end

    rowan_ring_step #(.SLOTS(IFMAP_SPAD_WORDS)) word_step (
        .slot(window_slot),
        .steps(word_offset),
        .next(word_slot)
    );

    rowan_scratchpad #(
        .WIDTH(ACTIVATION_BITS),
        .WORDS(IFMAP_SPAD_WORDS),
        .REGISTERED(0)
    ) ifmap_spad (
        .clock(clock),
        .write(ifmap_load),
        .write_address(ifmap_load_slot),
        .write_data(ifmap_load_data),
        .read(issue_mac && first_psum),
        .read_address(word_slot),
        .read_data(ifmap_word)
    );

    rowan_scratchpad #(
        .WIDTH(WEIGHT_BITS),
        .WORDS(FILTER_SPAD_WORDS),
        .REGISTERED(1)
    ) filter_spad (
        .clock(clock),
        .write(filter_load),
        .write_address(filter_load_address),
        .write_data(filter_load_data),
        .read(multiply),
        .read_address(filter_address),
        .read_data(weight)
    );

    rowan_mac #(
        .PE_TYPE(PE_TYPE),
        .ACTIVATION_BITS(ACTIVATION_BITS),
        .WEIGHT_BITS(WEIGHT_BITS),
        .PRODUCT_BITS(PRODUCT_BITS),
        .PSUM_BITS(PSUM_BITS),
        .SATURATE(SATURATE),
        .MULTIPLY_LATENCY(MULTIPLY_LATENCY),
        .ACCUMULATE_LATENCY(ACCUMULATE_LATENCY),
        .PSUM_SPAD_WORDS(PSUM_SPAD_WORDS)
    ) arithmetic (
        .clock(clock),
        .restart(restart),
        .product_shift(product_shift),
        .issue_mac(multiply),
        .issue_accumulation(issue_accumulation),
        .psum(psum),
        .incoming(has_source ? in_word : {PSUM_BITS{1'b0}}),
        .activation(activation),
        .weight(weight),
        .out_write(out_write),
        .out_word(out_word)
    );

endmodule
