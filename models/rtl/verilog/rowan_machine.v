// SPDX-License-Identifier: Apache-2.0
//
// A row-stationary accelerator for one processing pass: array, networks, global buffer and the
// controller with its host port (docs/rtl.md). Timing: docs/machine.md, section 3.

module rowan_machine #(
    parameter ROWS = 12,
    parameter COLUMNS = 14,

    // Arithmetic. PE_TYPE: 0 integers, 1 lightpe1, 2 lightpe2, 3 fp32.
    parameter PE_TYPE = 0,
    parameter ACTIVATION_BITS = 16,
    parameter WEIGHT_BITS = 16,
    parameter PRODUCT_BITS = 16,  // kept of a shifted product; 32 with fp32
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

    parameter LOCAL_WIDTH_BITS = 64,
    parameter FILTER_GIN_WIDTH_BITS = 64,
    parameter FILTER_GIN_ROW_ID_BITS = 4,
    parameter FILTER_GIN_COLUMN_ID_BITS = 4,
    parameter FILTER_GIN_LATENCY = 1,
    parameter IFMAP_GIN_WIDTH_BITS = 16,
    parameter IFMAP_GIN_ROW_ID_BITS = 4,
    parameter IFMAP_GIN_COLUMN_ID_BITS = 5,
    parameter IFMAP_GIN_LATENCY = 1,
    parameter PSUM_GIN_WIDTH_BITS = 64,  // and the GON's
    parameter PSUM_GIN_ROW_ID_BITS = 4,
    parameter PSUM_GIN_COLUMN_ID_BITS = 4,
    parameter PSUM_GIN_LATENCY = 1,
    parameter GON_LATENCY = 1,

    parameter READ_LATENCY = 1,
    parameter BANKS = 25,
    parameter FILTER_BANKS = 2,
    parameter BANK_ROWS = 512,
    parameter ROW_WIDTH_BITS = 64,
    parameter PSUM_BANK_PORTS = 2,
    parameter PSUM_BANK_INTERLEAVING_BLOCK = 0,
    parameter PSUM_BANK_PRIORITY_WRITE = 0,

    // Entries of the packet tables.
    parameter FILTER_STEPS = 1024,
    parameter FILTER_BASES = 1,
    parameter IFMAP_STEPS = 1024,
    parameter IFMAP_BASES = 1024,
    parameter PSUM_GIN_STEPS = 1024,
    parameter PSUM_GIN_BASES = 1024,
    parameter GON_STEPS = 1024,
    parameter GON_BASES = 1024
) (
    input  wire        clock,
    input  wire        reset,
    input  wire        host_write,
    input  wire [31:0] host_address,
    input  wire [63:0] host_write_data,
    output wire [63:0] host_read_data,
    output wire        busy,
    output wire [31:0] cycle,
    output wire        psum_valid,
    output wire [31:0] psum_row,
    output wire [ 7:0] psum_words,
    output wire [(PSUM_GIN_WIDTH_BITS < PSUM_BITS ? 1 : PSUM_GIN_WIDTH_BITS / PSUM_BITS) * PSUM_BITS
                 - 1:0] psum_data
);

    // ---- What follows from the parameters

    // Words of a full packet, parts of a word that is wider than its bus, and lines of the bus.
    localparam FILTER_WORDS = FILTER_GIN_WIDTH_BITS < WEIGHT_BITS ? 1
                            : FILTER_GIN_WIDTH_BITS / WEIGHT_BITS;
    localparam FILTER_PARTS = (WEIGHT_BITS + FILTER_GIN_WIDTH_BITS - 1) / FILTER_GIN_WIDTH_BITS;
    localparam FILTER_BUS_BITS = FILTER_PARTS == 1 ? FILTER_WORDS * WEIGHT_BITS : FILTER_GIN_WIDTH_BITS;
    localparam IFMAP_PARTS = (ACTIVATION_BITS + IFMAP_GIN_WIDTH_BITS - 1) / IFMAP_GIN_WIDTH_BITS;
    localparam IFMAP_BUS_BITS = IFMAP_PARTS == 1 ? ACTIVATION_BITS : IFMAP_GIN_WIDTH_BITS;
    localparam PSUM_WORDS = PSUM_GIN_WIDTH_BITS < PSUM_BITS ? 1 : PSUM_GIN_WIDTH_BITS / PSUM_BITS;
    localparam PSUM_PARTS = (PSUM_BITS + PSUM_GIN_WIDTH_BITS - 1) / PSUM_GIN_WIDTH_BITS;
    localparam PSUM_BUS_BITS = PSUM_PARTS == 1 ? PSUM_WORDS * PSUM_BITS : PSUM_GIN_WIDTH_BITS;
    // A link moves no more words in a cycle than the FIFOs at its ends hold.
    localparam LINK_FIFO_WORDS = PSUM_IN_FIFO_WORDS < PSUM_OUT_FIFO_WORDS ? PSUM_IN_FIFO_WORDS
                               : PSUM_OUT_FIFO_WORDS;
    localparam LINK_WIDTH_WORDS = LOCAL_WIDTH_BITS < PSUM_BITS ? 1 : LOCAL_WIDTH_BITS / PSUM_BITS;
    localparam LINK_WORDS = LINK_WIDTH_WORDS < LINK_FIFO_WORDS ? LINK_WIDTH_WORDS : LINK_FIFO_WORDS;
    localparam LINK_PARTS = (PSUM_BITS + LOCAL_WIDTH_BITS - 1) / LOCAL_WIDTH_BITS;
    localparam LINK_BITS = LINK_PARTS == 1 ? LINK_WORDS * PSUM_BITS : LOCAL_WIDTH_BITS;

    localparam BANK_BITS = BANKS > 1 ? $clog2(BANKS) : 1;
    localparam ROW_BITS = BANK_ROWS > 1 ? $clog2(BANK_ROWS) : 1;
    localparam IFMAP_TILE_WORDS = BANKS * BANK_ROWS * (ROW_WIDTH_BITS / ACTIVATION_BITS);
    localparam ADDRESS_BITS = $clog2(IFMAP_TILE_WORDS) > 24 ? 24
                            : IFMAP_TILE_WORDS > 1 ? $clog2(IFMAP_TILE_WORDS) : 1;
    localparam FILTER_WORDS_BITS = $clog2(FILTER_WORDS + 1);
    localparam PSUM_WORDS_BITS = $clog2(PSUM_WORDS + 1);
    localparam PLACE_BITS = 32 + BANK_BITS + ROW_BITS;  // of a psum row: in the tile, bank, in the bank

    // ---- Host port

    wire [3:0] region = host_address[31:28];
    wire [27:0] index = host_address[27:0];
    wire write_control = host_write && region == 4'd0;
    wire write_network = write_control && index[27:6] == 0 && !index[2]
                      && (index[5:4] == 2'd1 || index[5:4] == 2'd2);
    wire [3:0] write_register;  // of network n
    wire [3:0] write_step;
    wire [3:0] write_base;
    wire start = write_control && index == 0;

    genvar n;
    generate
        for (n = 0; n < 4; n = n + 1) begin : network
            assign write_register[n] = write_network && {index[5], index[3]} == n;
            assign write_step[n] = host_write && region == 4 + n;
            assign write_base[n] = host_write && region == 8 + n;
        end
    endgenerate

    reg [4:0] product_shift;
    reg reads_psums;
    reg [BANK_BITS-1:0] first_psum_bank;
    reg [BANK_BITS:0] psum_banks;
    reg [31:0] first_row;
    reg [BANK_BITS-1:0] first_bank;
    reg [ROW_BITS-1:0] first_bank_row;

    always @(posedge clock) begin
        if (write_control) begin
            case (index)
                28'd2: product_shift <= host_write_data[4:0];
                28'd3: reads_psums <= host_write_data[0];
                28'd4: first_psum_bank <= host_write_data[BANK_BITS-1:0];
                28'd5: psum_banks <= host_write_data[BANK_BITS:0];
                28'd6: first_row <= host_write_data[31:0];
                28'd7: first_bank <= host_write_data[BANK_BITS-1:0];
                28'd8: first_bank_row <= host_write_data[ROW_BITS-1:0];
                default: ;
            endcase
        end
    end

    // ---- Controller: the pass is released in the cycle after the start, and drained in that of the
    // last write

    wire restart = reset || start;
    wire last_write;
    reg running;
    reg drained;
    reg [31:0] now;

    always @(posedge clock) begin
        if (restart) begin
            running <= start && !reset;
            drained <= 1'b0;
            now <= 0;
        end else if (running) begin
            now <= now + 1;
            if (last_write) begin
                running <= 1'b0;
                drained <= 1'b1;
            end
        end
    end
    assign busy = running;
    assign cycle = now;

    // ---- Networks

    wire [FILTER_GIN_ROW_ID_BITS-1:0] filter_offer_row;
    wire [FILTER_GIN_COLUMN_ID_BITS-1:0] filter_offer_column;
    wire [FILTER_WORDS_BITS-1:0] filter_offer_words;
    wire filter_full;
    wire filter_ready;
    wire filter_issue;
    wire [0:0] filter_address;  // words leave the filter ring in order
    wire [FILTER_WORDS*WEIGHT_BITS-1:0] filter_data;
    wire filter_bus_valid;
    wire [FILTER_GIN_ROW_ID_BITS-1:0] filter_bus_row;
    wire [FILTER_GIN_COLUMN_ID_BITS-1:0] filter_bus_column;
    wire [FILTER_WORDS_BITS-1:0] filter_bus_words;
    wire [FILTER_BUS_BITS-1:0] filter_bus_data;
    wire [31:0] filter_packets;
    wire [31:0] filter_blocked;

    rowan_gin #(
        .ROW_ID_BITS(FILTER_GIN_ROW_ID_BITS),
        .COLUMN_ID_BITS(FILTER_GIN_COLUMN_ID_BITS),
        .WORD_BITS(WEIGHT_BITS),
        .WORDS(FILTER_WORDS),
        .BUS_BITS(FILTER_BUS_BITS),
        .PARTS(FILTER_PARTS),
        .READ_LATENCY(READ_LATENCY),
        .LATENCY(FILTER_GIN_LATENCY),
        .ADDRESS_BITS(1),
        .STEPS(FILTER_STEPS),
        .BASES(FILTER_BASES)
    ) filter_gin (
        .clock(clock),
        .restart(restart),
        .running(running),
        .write_register(write_register[0]),
        .write_step(write_step[0]),
        .write_base(write_base[0]),
        .host_index(index),
        .host_data(host_write_data),
        .offer_row(filter_offer_row),
        .offer_column(filter_offer_column),
        .offer_words(filter_offer_words),
        .full(filter_full),
        .ready(filter_ready),
        .grant(1'b1),
        .issue(filter_issue),
        .address(filter_address),
        .read_data(filter_data),
        .bus_valid(filter_bus_valid),
        .bus_row(filter_bus_row),
        .bus_column(filter_bus_column),
        .bus_words(filter_bus_words),
        .bus_data(filter_bus_data),
        .packets(filter_packets),
        .blocked(filter_blocked)
    );

    wire [IFMAP_GIN_ROW_ID_BITS-1:0] ifmap_offer_row;
    wire [IFMAP_GIN_COLUMN_ID_BITS-1:0] ifmap_offer_column;
    wire ifmap_offer_words;  // always 1
    wire ifmap_full;
    wire ifmap_ready;
    wire ifmap_issue;
    wire [ADDRESS_BITS-1:0] ifmap_address;
    wire [ACTIVATION_BITS-1:0] ifmap_data;
    wire ifmap_bus_valid;
    wire [IFMAP_GIN_ROW_ID_BITS-1:0] ifmap_bus_row;
    wire [IFMAP_GIN_COLUMN_ID_BITS-1:0] ifmap_bus_column;
    wire ifmap_bus_words;
    wire [IFMAP_BUS_BITS-1:0] ifmap_bus_data;
    wire [31:0] ifmap_packets;
    wire [31:0] ifmap_blocked;

    rowan_gin #(
        .ROW_ID_BITS(IFMAP_GIN_ROW_ID_BITS),
        .COLUMN_ID_BITS(IFMAP_GIN_COLUMN_ID_BITS),
        .WORD_BITS(ACTIVATION_BITS),
        .WORDS(1),
        .BUS_BITS(IFMAP_BUS_BITS),
        .PARTS(IFMAP_PARTS),
        .READ_LATENCY(READ_LATENCY),
        .LATENCY(IFMAP_GIN_LATENCY),
        .ADDRESS_BITS(ADDRESS_BITS),
        .STEPS(IFMAP_STEPS),
        .BASES(IFMAP_BASES)
    ) ifmap_gin (
        .clock(clock),
        .restart(restart),
        .running(running),
        .write_register(write_register[1]),
        .write_step(write_step[1]),
        .write_base(write_base[1]),
        .host_index(index),
        .host_data(host_write_data),
        .offer_row(ifmap_offer_row),
        .offer_column(ifmap_offer_column),
        .offer_words(ifmap_offer_words),
        .full(ifmap_full),
        .ready(ifmap_ready),
        .grant(1'b1),
        .issue(ifmap_issue),
        .address(ifmap_address),
        .read_data(ifmap_data),
        .bus_valid(ifmap_bus_valid),
        .bus_row(ifmap_bus_row),
        .bus_column(ifmap_bus_column),
        .bus_words(ifmap_bus_words),
        .bus_data(ifmap_bus_data),
        .packets(ifmap_packets),
        .blocked(ifmap_blocked)
    );

    wire [PSUM_GIN_ROW_ID_BITS-1:0] psum_offer_row;
    wire [PSUM_GIN_COLUMN_ID_BITS-1:0] psum_offer_column;
    wire [PSUM_WORDS_BITS-1:0] psum_offer_words;
    wire psum_full;
    wire psum_ready;
    wire psum_grant;
    wire psum_issue;
    wire [0:0] psum_address;  // rows are counted
    wire [PSUM_WORDS*PSUM_BITS-1:0] psum_read_data;
    wire psum_bus_valid;
    wire [PSUM_GIN_ROW_ID_BITS-1:0] psum_bus_row;
    wire [PSUM_GIN_COLUMN_ID_BITS-1:0] psum_bus_column;
    wire [PSUM_WORDS_BITS-1:0] psum_bus_words;
    wire [PSUM_BUS_BITS-1:0] psum_bus_data;
    wire [31:0] psum_packets;
    wire [31:0] psum_blocked;
    wire [31:0] read_row;
    wire [BANK_BITS-1:0] read_bank;
    wire [ROW_BITS-1:0] read_bank_row;

    rowan_gin #(
        .ROW_ID_BITS(PSUM_GIN_ROW_ID_BITS),
        .COLUMN_ID_BITS(PSUM_GIN_COLUMN_ID_BITS),
        .WORD_BITS(PSUM_BITS),
        .WORDS(PSUM_WORDS),
        .BUS_BITS(PSUM_BUS_BITS),
        .PARTS(PSUM_PARTS),
        .READ_LATENCY(READ_LATENCY),
        .LATENCY(PSUM_GIN_LATENCY),
        .ADDRESS_BITS(1),
        .STEPS(PSUM_GIN_STEPS),
        .BASES(PSUM_GIN_BASES)
    ) psum_gin (
        .clock(clock),
        .restart(restart),
        .running(running && reads_psums),
        .write_register(write_register[2]),
        .write_step(write_step[2]),
        .write_base(write_base[2]),
        .host_index(index),
        .host_data(host_write_data),
        .offer_row(psum_offer_row),
        .offer_column(psum_offer_column),
        .offer_words(psum_offer_words),
        .full(psum_full),
        .ready(psum_ready),
        .grant(psum_grant),
        .issue(psum_issue),
        .address(psum_address),
        .read_data(psum_read_data),
        .bus_valid(psum_bus_valid),
        .bus_row(psum_bus_row),
        .bus_column(psum_bus_column),
        .bus_words(psum_bus_words),
        .bus_data(psum_bus_data),
        .packets(psum_packets),
        .blocked(psum_blocked)
    );

    rowan_psum_counter #(
        .BANK_ROWS(BANK_ROWS),
        .BLOCK(PSUM_BANK_INTERLEAVING_BLOCK),
        .BANK_BITS(BANK_BITS)
    ) read_counter (
        .clock(clock),
        .restart(restart),
        .advance(psum_issue),
        .first_row(first_row),
        .first_bank(first_bank),
        .first_bank_row(first_bank_row),
        .banks(psum_banks),
        .row(read_row),
        .bank(read_bank),
        .bank_row(read_bank_row)
    );

    wire [PSUM_GIN_ROW_ID_BITS-1:0] gon_offer_row;
    wire [PSUM_GIN_COLUMN_ID_BITS-1:0] gon_offer_column;
    wire [PSUM_WORDS_BITS-1:0] gon_offer_words;
    wire gon_there;
    wire [PSUM_BUS_BITS-1:0] gon_bus_data;
    wire gon_ready;
    wire gon_grant;
    wire gon_issue;
    wire [31:0] write_row;
    wire [BANK_BITS-1:0] write_bank;
    wire [ROW_BITS-1:0] write_bank_row;
    wire psum_write;
    wire psum_write_last;
    wire [31:0] psum_write_row;
    wire [BANK_BITS-1:0] psum_write_bank;
    wire [ROW_BITS-1:0] psum_write_bank_row;
    wire [PSUM_WORDS_BITS-1:0] psum_write_words;
    wire [PSUM_WORDS*PSUM_BITS-1:0] psum_write_data;
    wire [BANK_BITS-1:0] taken_bank;
    wire [ROW_BITS-1:0] taken_bank_row;
    wire [PSUM_WORDS_BITS-1:0] taken_words;
    wire [31:0] gon_packets;

    rowan_gon #(
        .ROW_ID_BITS(PSUM_GIN_ROW_ID_BITS),
        .COLUMN_ID_BITS(PSUM_GIN_COLUMN_ID_BITS),
        .WORD_BITS(PSUM_BITS),
        .WORDS(PSUM_WORDS),
        .BUS_BITS(PSUM_BUS_BITS),
        .PARTS(PSUM_PARTS),
        .LATENCY(GON_LATENCY),
        .PLACE_BITS(PLACE_BITS),
        .STEPS(GON_STEPS),
        .BASES(GON_BASES)
    ) gon (
        .clock(clock),
        .restart(restart),
        .running(running),
        .write_register(write_register[3]),
        .write_step(write_step[3]),
        .write_base(write_base[3]),
        .host_index(index),
        .host_data(host_write_data),
        .offer_row(gon_offer_row),
        .offer_column(gon_offer_column),
        .offer_words(gon_offer_words),
        .there(gon_there),
        .bus_data(gon_bus_data),
        .ready(gon_ready),
        .grant(gon_grant),
        .issue(gon_issue),
        .place({write_row, write_bank, write_bank_row}),
        .write(psum_write),
        .write_last(psum_write_last),
        .write_place({psum_write_row, psum_write_bank, psum_write_bank_row}),
        .write_words(psum_write_words),
        .write_data(psum_write_data),
        .taken(psum_valid),
        .taken_place({psum_row, taken_bank, taken_bank_row}),
        .taken_words(taken_words),
        .taken_data(psum_data),
        .packets(gon_packets)
    );
    assign last_write = psum_write && psum_write_last;
    assign psum_words = {{(8 - PSUM_WORDS_BITS) {1'b0}}, taken_words};

    rowan_psum_counter #(
        .BANK_ROWS(BANK_ROWS),
        .BLOCK(PSUM_BANK_INTERLEAVING_BLOCK),
        .BANK_BITS(BANK_BITS)
    ) write_counter (
        .clock(clock),
        .restart(restart),
        .advance(gon_issue),
        .first_row(first_row),
        .first_bank(first_bank),
        .first_bank_row(first_bank_row),
        .banks(psum_banks),
        .row(write_row),
        .bank(write_bank),
        .bank_row(write_bank_row)
    );

    // A bank with one port serves one of them in a cycle.
    wire conflict = PSUM_BANK_PORTS == 1 && psum_ready && gon_ready && read_bank == write_bank;
    assign psum_grant = !(conflict && PSUM_BANK_PRIORITY_WRITE != 0);
    assign gon_grant = !(conflict && PSUM_BANK_PRIORITY_WRITE == 0);

    wire unused = &{
        1'b0, filter_ready, filter_address, ifmap_ready, ifmap_offer_words, ifmap_bus_words,
        psum_address, read_row, psum_write_row, taken_bank, taken_bank_row
    };

    // ---- Global buffer

    wire [PSUM_BITS-1:0] host_psum;

    rowan_global_buffer #(
        .ACTIVATION_BITS(ACTIVATION_BITS),
        .WEIGHT_BITS(WEIGHT_BITS),
        .PSUM_BITS(PSUM_BITS),
        .FILTER_WORDS(FILTER_WORDS),
        .PSUM_WORDS(PSUM_WORDS),
        .READ_LATENCY(READ_LATENCY),
        .BANKS(BANKS),
        .FILTER_BANKS(FILTER_BANKS),
        .BANK_ROWS(BANK_ROWS),
        .ROW_WIDTH_BITS(ROW_WIDTH_BITS),
        .BANK_BITS(BANK_BITS),
        .ROW_BITS(ROW_BITS),
        .ADDRESS_BITS(ADDRESS_BITS)
    ) global_buffer (
        .clock(clock),
        .restart(restart),
        .first_psum_bank(first_psum_bank),
        .host_write_ifmap(host_write && region == 4'd1),
        .host_write_filter(host_write && region == 4'd2),
        .host_write_psum(host_write && region == 4'd3),
        .host_read(!running && region == 4'd3),
        .host_index(index),
        .host_data(host_write_data[31:0]),
        .host_psum(host_psum),
        .filter_read(filter_issue),
        .filter_words(filter_offer_words),
        .filter_data(filter_data),
        .ifmap_read(ifmap_issue),
        .ifmap_address(ifmap_address),
        .ifmap_data(ifmap_data),
        .psum_read(psum_issue),
        .psum_read_bank(read_bank),
        .psum_read_row(read_bank_row),
        .psum_data(psum_read_data),
        .psum_write(psum_write),
        .psum_write_bank(psum_write_bank),
        .psum_write_row(psum_write_bank_row),
        .psum_write_words(psum_write_words),
        .psum_write_data(psum_write_data)
    );

    // ---- Array

    wire [31:0] counter;

    rowan_array #(
        .ROWS(ROWS),
        .COLUMNS(COLUMNS),
        .PE_TYPE(PE_TYPE),
        .ACTIVATION_BITS(ACTIVATION_BITS),
        .WEIGHT_BITS(WEIGHT_BITS),
        .PRODUCT_BITS(PRODUCT_BITS),
        .PSUM_BITS(PSUM_BITS),
        .SATURATE(SATURATE),
        .MULTIPLY_LATENCY(MULTIPLY_LATENCY),
        .ACCUMULATE_LATENCY(ACCUMULATE_LATENCY),
        .ZERO_GATING(ZERO_GATING),
        .IFMAP_SPAD_WORDS(IFMAP_SPAD_WORDS),
        .FILTER_SPAD_WORDS(FILTER_SPAD_WORDS),
        .PSUM_SPAD_WORDS(PSUM_SPAD_WORDS),
        .IFMAP_FIFO_WORDS(IFMAP_FIFO_WORDS),
        .FILTER_FIFO_WORDS(FILTER_FIFO_WORDS),
        .PSUM_IN_FIFO_WORDS(PSUM_IN_FIFO_WORDS),
        .PSUM_OUT_FIFO_WORDS(PSUM_OUT_FIFO_WORDS),
        .FILTER_ROW_ID_BITS(FILTER_GIN_ROW_ID_BITS),
        .FILTER_COLUMN_ID_BITS(FILTER_GIN_COLUMN_ID_BITS),
        .FILTER_WORDS(FILTER_WORDS),
        .FILTER_PARTS(FILTER_PARTS),
        .FILTER_BUS_BITS(FILTER_BUS_BITS),
        .IFMAP_ROW_ID_BITS(IFMAP_GIN_ROW_ID_BITS),
        .IFMAP_COLUMN_ID_BITS(IFMAP_GIN_COLUMN_ID_BITS),
        .IFMAP_PARTS(IFMAP_PARTS),
        .IFMAP_BUS_BITS(IFMAP_BUS_BITS),
        .PSUM_ROW_ID_BITS(PSUM_GIN_ROW_ID_BITS),
        .PSUM_COLUMN_ID_BITS(PSUM_GIN_COLUMN_ID_BITS),
        .PSUM_WORDS(PSUM_WORDS),
        .PSUM_PARTS(PSUM_PARTS),
        .PSUM_BUS_BITS(PSUM_BUS_BITS),
        .LINK_WORDS(LINK_WORDS),
        .LINK_PARTS(LINK_PARTS),
        .LINK_BITS(LINK_BITS)
    ) array (
        .clock(clock),
        .reset(reset),
        .restart(restart),
        .running(running),
        .product_shift(product_shift),
        .configure(host_write && region == 4'd12),
        .register_index(index),
        .register_data(host_write_data[31:0]),
        .counter(counter),
        .filter_offer_row(filter_offer_row),
        .filter_offer_column(filter_offer_column),
        .filter_offer_words(filter_offer_words),
        .filter_full(filter_full),
        .filter_issue(filter_issue),
        .filter_bus_valid(filter_bus_valid),
        .filter_bus_row(filter_bus_row),
        .filter_bus_column(filter_bus_column),
        .filter_bus_words(filter_bus_words),
        .filter_bus_data(filter_bus_data),
        .ifmap_offer_row(ifmap_offer_row),
        .ifmap_offer_column(ifmap_offer_column),
        .ifmap_full(ifmap_full),
        .ifmap_issue(ifmap_issue),
        .ifmap_bus_valid(ifmap_bus_valid),
        .ifmap_bus_row(ifmap_bus_row),
        .ifmap_bus_column(ifmap_bus_column),
        .ifmap_bus_data(ifmap_bus_data),
        .psum_offer_row(psum_offer_row),
        .psum_offer_column(psum_offer_column),
        .psum_offer_words(psum_offer_words),
        .psum_full(psum_full),
        .psum_issue(psum_issue),
        .psum_bus_valid(psum_bus_valid),
        .psum_bus_row(psum_bus_row),
        .psum_bus_column(psum_bus_column),
        .psum_bus_words(psum_bus_words),
        .psum_bus_data(psum_bus_data),
        .gon_offer_row(gon_offer_row),
        .gon_offer_column(gon_offer_column),
        .gon_offer_words(gon_offer_words),
        .gon_there(gon_there),
        .gon_issue(gon_issue),
        .gon_bus_data(gon_bus_data)
    );

    // ---- What the host reads

    reg [31:0] word;
    reg word_is_psum;

    always @(posedge clock) begin
        word_is_psum <= region == 4'd3;
        word <= 0;
        if (region == 4'd12) begin
            word <= counter;
        end else if (region == 4'd0) begin
            case (index)
                28'd0: word <= {31'b0, drained};
                28'd1: word <= now;
                28'd20: word <= filter_packets;
                28'd21: word <= filter_blocked;
                28'd28: word <= ifmap_packets;
                28'd29: word <= ifmap_blocked;
                28'd36: word <= psum_packets;
                28'd37: word <= psum_blocked;
                28'd44: word <= gon_packets;  // it never waits for room: 45 is 0
                default: ;
            endcase
        end
    end

    assign host_read_data = word_is_psum ? {{(64 - PSUM_BITS) {1'b0}}, host_psum} : {32'b0, word};

endmodule
