// SPDX-License-Identifier: Apache-2.0
//
// A processing element: four FIFOs, three scratchpads, a multiply unit and an adder; filter loader,
// ifmap loader and compute process side by side. Where it stands is what its registers say.

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

    input  wire        configure /*verilator public_flat_rd*/,  // one of the registers of docs/rtl.md, section 3
    input  wire        select /*verilator public_flat_rd*/,     // for reading
    input  wire [ 3:0] register_index,
    input  wire [31:0] register_data,
    output reg  [31:0] counter,    // cycles by cause; 0 unless selected

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

    // All PEs are one class for Verilator, instead of a copy of each in the code around them.
    /*verilator no_inline_module*/

    localparam IFMAP_ADDRESS_BITS = IFMAP_SPAD_WORDS > 1 ? $clog2(IFMAP_SPAD_WORDS) : 1;
    localparam FILTER_ADDRESS_BITS = FILTER_SPAD_WORDS > 1 ? $clog2(FILTER_SPAD_WORDS) : 1;
    localparam PSUM_ADDRESS_BITS = PSUM_SPAD_WORDS > 1 ? $clog2(PSUM_SPAD_WORDS) : 1;
    localparam FILTER_COUNT_BITS = FILTER_FIFO_WORDS > 1 ? $clog2(FILTER_FIFO_WORDS) + 1 : 2;
    localparam IFMAP_COUNT_BITS = IFMAP_FIFO_WORDS > 1 ? $clog2(IFMAP_FIFO_WORDS) + 1 : 2;
    localparam IN_COUNT_BITS = PSUM_IN_FIFO_WORDS > 1 ? $clog2(PSUM_IN_FIFO_WORDS) + 1 : 2;
    localparam OUT_COUNT_BITS = PSUM_OUT_FIFO_WORDS > 1 ? $clog2(PSUM_OUT_FIFO_WORDS) + 1 : 2;
    localparam FILTER_WORDS_BITS = $clog2(FILTER_WORDS + 1);
    localparam PSUM_WORDS_BITS = $clog2(PSUM_WORDS + 1);
    localparam LINK_WORDS_BITS = $clog2(LINK_WORDS + 1);
    // Of the psum FIFOs' sides that a bus and a link share.
    localparam MOVED_WORDS = PSUM_WORDS > LINK_WORDS ? PSUM_WORDS : LINK_WORDS;
    localparam MOVED_BITS = $clog2(MOVED_WORDS + 1);
    localparam WORD_COUNT_BITS = 24;  // words of an image
    localparam COUNT_BITS = 16;       // windows and images

    // ---- Registers of the pass

    localparam [1:0] SOURCE_NONE = 2'd0;

    reg active;
    reg [1:0] source;
    reg sink;
    reg [PSUM_ADDRESS_BITS:0] psums;
    reg [COUNT_BITS-1:0] images;
    reg [COUNT_BITS-1:0] windows;
    reg [WORD_COUNT_BITS-1:0] image_words;
    reg [IFMAP_ADDRESS_BITS:0] run_words;
    reg [IFMAP_ADDRESS_BITS:0] runs;
    reg [IFMAP_ADDRESS_BITS:0] run_stride;
    reg [IFMAP_ADDRESS_BITS:0] window_stride;
    reg [IFMAP_ROW_ID_BITS-1:0] ifmap_row;
    reg [IFMAP_COLUMN_ID_BITS-1:0] ifmap_column;
    reg [FILTER_ROW_ID_BITS-1:0] filter_row;
    reg [FILTER_COLUMN_ID_BITS-1:0] filter_column;
    reg [PSUM_ROW_ID_BITS-1:0] psum_row;
    reg [PSUM_COLUMN_ID_BITS-1:0] psum_column;

    always @(posedge clock) begin
        if (reset) active <= 1'b0;
        else if (configure) begin
            case (register_index)
                4'd0: {sink, source, active} <= register_data[3:0];
                4'd1: psums <= register_data[PSUM_ADDRESS_BITS:0];
                4'd2: images <= register_data[COUNT_BITS-1:0];
                4'd3: windows <= register_data[COUNT_BITS-1:0];
                4'd4: image_words <= register_data[WORD_COUNT_BITS-1:0];
                4'd5: run_words <= register_data[IFMAP_ADDRESS_BITS:0];
                4'd6: runs <= register_data[IFMAP_ADDRESS_BITS:0];
                4'd7: run_stride <= register_data[IFMAP_ADDRESS_BITS:0];
                4'd8: window_stride <= register_data[IFMAP_ADDRESS_BITS:0];
                4'd9: ifmap_row <= register_data[IFMAP_ROW_ID_BITS-1:0];
                4'd10: ifmap_column <= register_data[IFMAP_COLUMN_ID_BITS-1:0];
                4'd11: filter_row <= register_data[FILTER_ROW_ID_BITS-1:0];
                4'd12: filter_column <= register_data[FILTER_COLUMN_ID_BITS-1:0];
                4'd13: psum_row <= register_data[PSUM_ROW_ID_BITS-1:0];
                4'd14: psum_column <= register_data[PSUM_COLUMN_ID_BITS-1:0];
                default: ;
            endcase
        end
    end
    wire unused_register_bits = &{1'b0, register_data};

    wire working = running && active;

    // ---- Filter FIFO and filter loader

    wire [FILTER_WORDS_BITS-1:0] filter_reserve;
    wire [FILTER_WORDS_BITS-1:0] filter_write;
    wire [FILTER_WORDS*WEIGHT_BITS-1:0] filter_packet;
    wire [FILTER_COUNT_BITS-1:0] filter_free;
    wire [FILTER_COUNT_BITS-1:0] filter_stored;
    wire [WEIGHT_BITS-1:0] filter_in;
    wire filter_pop;

    rowan_gin_port #(
        .ROW_ID_BITS(FILTER_ROW_ID_BITS),
        .COLUMN_ID_BITS(FILTER_COLUMN_ID_BITS),
        .WORD_BITS(WEIGHT_BITS),
        .WORDS(FILTER_WORDS),
        .PARTS(FILTER_PARTS),
        .BUS_BITS(FILTER_BUS_BITS),
        .COUNT_BITS(FILTER_COUNT_BITS)
    ) filter_port (
        .clock(clock),
        .active(active),
        .row(filter_row),
        .column(filter_column),
        .offer_row(filter_offer_row),
        .offer_column(filter_offer_column),
        .offer_words(filter_offer_words),
        .full(filter_full),
        .issue(filter_issue),
        .bus_valid(filter_bus_valid),
        .bus_row(filter_bus_row),
        .bus_column(filter_bus_column),
        .bus_words(filter_bus_words),
        .bus_data(filter_bus_data),
        .free(filter_free),
        .reserve(filter_reserve),
        .write(filter_write),
        .write_data(filter_packet)
    );

    rowan_fifo #(
        .WIDTH(WEIGHT_BITS),
        .DEPTH(FILTER_FIFO_WORDS),
        .MAX_IN(FILTER_WORDS),
        .MAX_OUT(1)
    ) filter_fifo (
        .clock(clock),
        .restart(restart),
        .reserve(filter_reserve),
        .write(filter_write),
        .write_data(filter_packet),
        .pop(filter_pop),
        .read_data(filter_in),
        .free(filter_free),
        .stored(filter_stored)
    );

    // Word (run, word of the run, psum) of a window; the next one to load.
    reg [IFMAP_ADDRESS_BITS-1:0] load_run;
    reg [IFMAP_ADDRESS_BITS-1:0] load_word;
    reg [PSUM_ADDRESS_BITS-1:0] load_psum;
    reg [FILTER_ADDRESS_BITS-1:0] load_address;
    reg filters_loaded;

    wire load_last_psum = {1'b0, load_psum} + 1'b1 == psums;
    wire load_last_word = {1'b0, load_word} + 1'b1 == run_words;
    wire load_last_run = {1'b0, load_run} + 1'b1 == runs;

    assign filter_pop = working && !filters_loaded && filter_stored != 0;

    always @(posedge clock) begin
        if (restart) begin
            load_run <= 0;
            load_word <= 0;
            load_psum <= 0;
            load_address <= 0;
            filters_loaded <= 1'b0;
        end else if (filter_pop) begin
            load_address <= load_address + 1'b1;
            load_psum <= load_last_psum ? {PSUM_ADDRESS_BITS{1'b0}} : load_psum + 1'b1;
            if (load_last_psum) begin
                load_word <= load_last_word ? {IFMAP_ADDRESS_BITS{1'b0}} : load_word + 1'b1;
                if (load_last_word) begin
                    load_run <= load_run + 1'b1;
                    if (load_last_run) filters_loaded <= 1'b1;
                end
            end
        end
    end

    // ---- Ifmap FIFO and ifmap loader

    wire ifmap_reserve;
    wire ifmap_write;
    wire [ACTIVATION_BITS-1:0] ifmap_packet;
    wire [IFMAP_COUNT_BITS-1:0] ifmap_free;
    wire [IFMAP_COUNT_BITS-1:0] ifmap_stored;
    wire [ACTIVATION_BITS-1:0] ifmap_in;
    wire ifmap_pop;

    rowan_gin_port #(
        .ROW_ID_BITS(IFMAP_ROW_ID_BITS),
        .COLUMN_ID_BITS(IFMAP_COLUMN_ID_BITS),
        .WORD_BITS(ACTIVATION_BITS),
        .WORDS(1),
        .PARTS(IFMAP_PARTS),
        .BUS_BITS(IFMAP_BUS_BITS),
        .COUNT_BITS(IFMAP_COUNT_BITS)
    ) ifmap_port (
        .clock(clock),
        .active(active),
        .row(ifmap_row),
        .column(ifmap_column),
        .offer_row(ifmap_offer_row),
        .offer_column(ifmap_offer_column),
        .offer_words(1'b1),
        .full(ifmap_full),
        .issue(ifmap_issue),
        .bus_valid(ifmap_bus_valid),
        .bus_row(ifmap_bus_row),
        .bus_column(ifmap_bus_column),
        .bus_words(1'b1),
        .bus_data(ifmap_bus_data),
        .free(ifmap_free),
        .reserve(ifmap_reserve),
        .write(ifmap_write),
        .write_data(ifmap_packet)
    );

    rowan_fifo #(
        .WIDTH(ACTIVATION_BITS),
        .DEPTH(IFMAP_FIFO_WORDS),
        .MAX_IN(1),
        .MAX_OUT(1)
    ) ifmap_fifo (
        .clock(clock),
        .restart(restart),
        .reserve(ifmap_reserve),
        .write(ifmap_write),
        .write_data(ifmap_packet),
        .pop(ifmap_pop),
        .read_data(ifmap_in),
        .free(ifmap_free),
        .stored(ifmap_stored)
    );

    // ifmap_spad is a ring. A window's words begin at `window_slot`; all words before are free.
    reg [IFMAP_ADDRESS_BITS-1:0] window_slot;
    reg [IFMAP_ADDRESS_BITS-1:0] load_slot;
    reg [IFMAP_ADDRESS_BITS:0] held;  // words, from window_slot on
    reg [WORD_COUNT_BITS-1:0] loaded_words;  // of the image
    reg [COUNT_BITS-1:0] loaded_images;
    reg ifmaps_loaded;

    wire last_image_word = loaded_words + 1'b1 == image_words;
    wire release_window;
    wire [IFMAP_ADDRESS_BITS:0] released;

    wire [IFMAP_ADDRESS_BITS-1:0] next_window_slot;
    wire [IFMAP_ADDRESS_BITS-1:0] next_load_slot;
    rowan_ring_step #(.SLOTS(IFMAP_SPAD_WORDS)) window_step (
        .slot(window_slot),
        .steps(released),
        .next(next_window_slot)
    );
    rowan_ring_step #(.SLOTS(IFMAP_SPAD_WORDS)) load_step (
        .slot(load_slot),
        .steps({{IFMAP_ADDRESS_BITS{1'b0}}, 1'b1}),
        .next(next_load_slot)
    );

    assign ifmap_pop = working && !ifmaps_loaded && ifmap_stored != 0
                    && held != IFMAP_SPAD_WORDS[IFMAP_ADDRESS_BITS:0];

    always @(posedge clock) begin
        if (restart) begin
            window_slot <= 0;
            load_slot <= 0;
            held <= 0;
            loaded_words <= 0;
            loaded_images <= 0;
            ifmaps_loaded <= 1'b0;
        end else begin
            held <= held + {{IFMAP_ADDRESS_BITS{1'b0}}, ifmap_pop}
                  - (release_window ? released : {IFMAP_ADDRESS_BITS + 1{1'b0}});
            if (release_window) window_slot <= next_window_slot;
            if (ifmap_pop) begin
                load_slot <= next_load_slot;
                loaded_words <= last_image_word ? {WORD_COUNT_BITS{1'b0}} : loaded_words + 1'b1;
                if (last_image_word) begin
                    loaded_images <= loaded_images + 1'b1;
                    if (loaded_images + 1'b1 == images) ifmaps_loaded <= 1'b1;
                end
            end
        end
    end

    // ---- Compute: issues a MAC or an accumulation a cycle, in order

    localparam AGE_BITS = $clog2(ACCUMULATE_LATENCY + 1);

    reg done;
    reg accumulating;
    reg [COUNT_BITS-1:0] image;
    reg [COUNT_BITS-1:0] window;
    reg [IFMAP_ADDRESS_BITS-1:0] run;
    reg [IFMAP_ADDRESS_BITS-1:0] word;  // of the run
    reg [PSUM_ADDRESS_BITS-1:0] psum;   // of the round, or of the accumulations
    reg [IFMAP_ADDRESS_BITS:0] run_offset;   // of the run's first word, from window_slot
    reg [IFMAP_ADDRESS_BITS:0] word_offset;  // of the word
    reg [FILTER_ADDRESS_BITS-1:0] filter_address;
    reg [WORD_COUNT_BITS-1:0] left;  // words of the image that are not released
    reg [AGE_BITS-1:0] age;  // cycles since the latest round started, at most the latency

    wire last_psum = {1'b0, psum} + 1'b1 == psums;
    wire last_word = {1'b0, word} + 1'b1 == run_words;
    wire last_run = {1'b0, run} + 1'b1 == runs;
    wire last_window = window + 1'b1 == windows;
    wire last_image = image + 1'b1 == images;
    wire first_psum = psum == 0;
    wire first_round = word == 0 && run == 0;

    wire [IN_COUNT_BITS-1:0] in_stored;
    wire [OUT_COUNT_BITS-1:0] out_free;
    wire has_source = source != SOURCE_NONE;

    // Why nothing can issue; only the first psum of a round waits for its word, and once psum 0 has
    // waited for the adder the others follow it.
    wire computing = working && !done;
    wire lacks_filters = !filters_loaded;
    wire lacks_ifmap = !accumulating && first_psum && word_offset >= held;
    wire hazard = first_psum && (accumulating || !first_round)
               && age != ACCUMULATE_LATENCY[AGE_BITS-1:0];
    wire lacks_psum = accumulating && has_source && in_stored == 0;
    wire lacks_room = accumulating && out_free == 0;

    wire issue = computing && !lacks_filters && !lacks_ifmap && !hazard && !lacks_psum && !lacks_room;
    wire issue_mac = issue && !accumulating;
    wire issue_accumulation = issue && accumulating;

    assign release_window = issue_mac && last_psum && last_word && last_run;
    assign released = last_window ? left[IFMAP_ADDRESS_BITS:0] : window_stride;

    always @(posedge clock) begin
        if (restart) begin
            done <= 1'b0;
            accumulating <= 1'b0;
            image <= 0;
            window <= 0;
            run <= 0;
            word <= 0;
            psum <= 0;
            run_offset <= 0;
            word_offset <= 0;
            filter_address <= 0;
            left <= image_words;
            age <= 0;
        end else begin
            if (issue_mac && first_psum) age <= 1;
            else if (age != ACCUMULATE_LATENCY[AGE_BITS-1:0]) age <= age + 1'b1;

            if (issue) psum <= last_psum ? {PSUM_ADDRESS_BITS{1'b0}} : psum + 1'b1;

            if (issue_mac) begin
                filter_address <= filter_address + 1'b1;
                if (last_psum) begin
                    word <= last_word ? {IFMAP_ADDRESS_BITS{1'b0}} : word + 1'b1;
                    word_offset <= word_offset + 1'b1;
                    if (last_word) begin
                        run <= run + 1'b1;
                        run_offset <= run_offset + run_stride;
                        word_offset <= run_offset + run_stride;
                    end
                end
            end
            if (release_window) begin
                accumulating <= 1'b1;
                run <= 0;
                run_offset <= 0;
                word_offset <= 0;
                filter_address <= 0;
                left <= last_window ? image_words
                      : left - {{(WORD_COUNT_BITS - IFMAP_ADDRESS_BITS - 1) {1'b0}}, window_stride};
            end
            if (issue_accumulation && last_psum) begin
                accumulating <= 1'b0;
                window <= last_window ? {COUNT_BITS{1'b0}} : window + 1'b1;
                if (last_window) begin
                    image <= image + 1'b1;
                    if (last_image) done <= 1'b1;
                end
            end
        end
    end

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
        .write(ifmap_pop),
        .write_address(load_slot),
        .write_data(ifmap_in),
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
        .write(filter_pop),
        .write_address(load_address),
        .write_data(filter_in),
        .read(multiply),
        .read_address(filter_address),
        .read_data(weight)
    );

    wire [PSUM_BITS-1:0] in_word;
    wire out_write;
    wire [PSUM_BITS-1:0] out_word;

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

    // ---- Psum FIFOs. A PE has psums from one source: the psum GIN or the PE below.

    wire [PSUM_WORDS_BITS-1:0] psum_reserve;
    wire [PSUM_WORDS_BITS-1:0] psum_write;
    wire [PSUM_WORDS*PSUM_BITS-1:0] psum_packet;
    wire [IN_COUNT_BITS-1:0] in_free;

    rowan_gin_port #(
        .ROW_ID_BITS(PSUM_ROW_ID_BITS),
        .COLUMN_ID_BITS(PSUM_COLUMN_ID_BITS),
        .WORD_BITS(PSUM_BITS),
        .WORDS(PSUM_WORDS),
        .PARTS(PSUM_PARTS),
        .BUS_BITS(PSUM_BUS_BITS),
        .COUNT_BITS(IN_COUNT_BITS)
    ) psum_port (
        .clock(clock),
        .active(active),
        .row(psum_row),
        .column(psum_column),
        .offer_row(psum_offer_row),
        .offer_column(psum_offer_column),
        .offer_words(psum_offer_words),
        .full(psum_full),
        .issue(psum_issue),
        .bus_valid(psum_bus_valid),
        .bus_row(psum_bus_row),
        .bus_column(psum_bus_column),
        .bus_words(psum_bus_words),
        .bus_data(psum_bus_data),
        .free(in_free),
        .reserve(psum_reserve),
        .write(psum_write),
        .write_data(psum_packet)
    );

    wire [MOVED_WORDS*PSUM_BITS-1:0] in_from_gin;
    wire [MOVED_WORDS*PSUM_BITS-1:0] in_from_below;
    assign in_from_gin = {{((MOVED_WORDS - PSUM_WORDS) * PSUM_BITS) {1'b0}}, psum_packet};
    assign in_from_below = {{((MOVED_WORDS - LINK_WORDS) * PSUM_BITS) {1'b0}}, below_data};

    rowan_fifo #(
        .WIDTH(PSUM_BITS),
        .DEPTH(PSUM_IN_FIFO_WORDS),
        .MAX_IN(MOVED_WORDS),
        .MAX_OUT(1)
    ) psum_in_fifo (
        .clock(clock),
        .restart(restart),
        .reserve({{(MOVED_BITS - PSUM_WORDS_BITS) {1'b0}}, psum_reserve}
                 | {{(MOVED_BITS - LINK_WORDS_BITS) {1'b0}}, below_reserve}),
        .write({{(MOVED_BITS - PSUM_WORDS_BITS) {1'b0}}, psum_write}
               | {{(MOVED_BITS - LINK_WORDS_BITS) {1'b0}}, below_write}),
        .write_data(psum_write != 0 ? in_from_gin : in_from_below),
        .pop(issue_accumulation && has_source),
        .read_data(in_word),
        .free(in_free),
        .stored(in_stored)
    );
    assign below_free = in_free;

    wire gon_addressed;
    wire gon_take = gon_issue && gon_addressed;
    wire [OUT_COUNT_BITS-1:0] out_stored;
    wire [MOVED_WORDS*PSUM_BITS-1:0] out_words;

    rowan_fifo #(
        .WIDTH(PSUM_BITS),
        .DEPTH(PSUM_OUT_FIFO_WORDS),
        .MAX_IN(1),
        .MAX_OUT(MOVED_WORDS)
    ) psum_out_fifo (
        .clock(clock),
        .restart(restart),
        .reserve(issue_accumulation),
        .write(out_write),
        .write_data(out_word),
        .pop(gon_take ? {{(MOVED_BITS - PSUM_WORDS_BITS) {1'b0}}, gon_offer_words}
                      : {{(MOVED_BITS - LINK_WORDS_BITS) {1'b0}}, above_take}),
        .read_data(out_words),
        .free(out_free),
        .stored(out_stored)
    );
    assign above_used = active && !sink;
    assign above_stored = out_stored;
    assign above_data = out_words[LINK_WORDS*PSUM_BITS-1:0];

    rowan_multicast #(
        .ROW_ID_BITS(PSUM_ROW_ID_BITS),
        .COLUMN_ID_BITS(PSUM_COLUMN_ID_BITS)
    ) gon_offer (
        .active(active),
        .row(psum_row),
        .column(psum_column),
        .packet_row(gon_offer_row),
        .packet_column(gon_offer_column),
        .addressed(gon_addressed)
    );
    assign gon_there = gon_addressed
        && out_stored >= {{(OUT_COUNT_BITS - PSUM_WORDS_BITS) {1'b0}}, gon_offer_words};

    rowan_sender #(
        .PACKET_BITS(PSUM_WORDS * PSUM_BITS),
        .BUS_BITS(PSUM_BUS_BITS),
        .PARTS(PSUM_PARTS)
    ) gon_sender (
        .clock(clock),
        .restart(restart),
        .load(gon_take),
        .packet(out_words[PSUM_WORDS*PSUM_BITS-1:0]),
        .bus(gon_bus_data)
    );

    // ---- Cycles by cause, from the release to the last accumulation

    reg [31:0] cycles_busy;
    reg [31:0] cycles_filter_load;
    reg [31:0] cycles_ifmap;
    reg [31:0] cycles_accumulator_hazard;
    reg [31:0] cycles_psum_in;
    reg [31:0] cycles_psum_out;

    always @(posedge clock) begin
        if (restart) begin
            cycles_busy <= 0;
            cycles_filter_load <= 0;
            cycles_ifmap <= 0;
            cycles_accumulator_hazard <= 0;
            cycles_psum_in <= 0;
            cycles_psum_out <= 0;
        end else if (computing) begin
            if (lacks_filters) cycles_filter_load <= cycles_filter_load + 1;
            else if (lacks_ifmap) cycles_ifmap <= cycles_ifmap + 1;
            else if (hazard) cycles_accumulator_hazard <= cycles_accumulator_hazard + 1;
            else if (lacks_psum) cycles_psum_in <= cycles_psum_in + 1;
            else if (lacks_room) cycles_psum_out <= cycles_psum_out + 1;
            else cycles_busy <= cycles_busy + 1;
        end
    end

    always @* begin
        counter = 0;
        if (select) begin
            case (register_index)
                4'd0: counter = cycles_busy;
                4'd1: counter = cycles_filter_load;
                4'd2: counter = cycles_ifmap;
                4'd3: counter = cycles_accumulator_hazard;
                4'd4: counter = cycles_psum_in;
                4'd5: counter = cycles_psum_out;
                default: ;
            endcase
        end
    end

endmodule
