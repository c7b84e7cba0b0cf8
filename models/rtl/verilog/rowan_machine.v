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
    parameter PSUM_GIN_BASES = 1,
    parameter GON_STEPS = 1024,
    parameter GON_BASES = 1
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

    // ---- Controller

    wire [27:0] index;
    wire write_ifmap;
    wire write_filter;
    wire write_psum;
    wire [3:0] write_register;  // of network n
    wire [3:0] write_step;
    wire [3:0] write_base;
    wire write_pe;
    wire [4:0] product_shift;
    wire reads_psums;
    wire [BANK_BITS-1:0] first_psum_bank;
    wire [BANK_BITS:0] psum_banks;
    wire [31:0] first_row;
    wire [BANK_BITS-1:0] first_bank;
    wire [ROW_BITS-1:0] first_bank_row;
    wire restart;
    wire running;
    wire last_write;
    wire read_psum;
    wire [PSUM_BITS-1:0] host_psum;
    wire [31:0] counter;
    wire [31:0] filter_packets;
    wire [31:0] filter_blocked;
    wire [31:0] ifmap_packets;
    wire [31:0] ifmap_blocked;
    wire [31:0] psum_packets;
    wire [31:0] psum_blocked;
    wire [31:0] gon_packets;

    rowan_controller #(
        .PSUM_BITS(PSUM_BITS), .BANK_BITS(BANK_BITS), .ROW_BITS(ROW_BITS)
    ) controller (
        .clock(clock), .reset(reset),
        .host_write(host_write), .host_address(host_address),
        .host_write_data(host_write_data), .host_read_data(host_read_data),
        .index(index),
        .write_ifmap(write_ifmap), .write_filter(write_filter), .write_psum(write_psum),
        .write_register(write_register), .write_step(write_step), .write_base(write_base),
        .write_pe(write_pe),
        .product_shift(product_shift), .reads_psums(reads_psums),
        .first_psum_bank(first_psum_bank), .psum_banks(psum_banks),
        .first_row(first_row), .first_bank(first_bank), .first_bank_row(first_bank_row),
        .restart(restart), .running(running), .cycle(cycle), .last_write(last_write),
        .read_psum(read_psum), .host_psum(host_psum), .pe_counter(counter),
        .filter_packets(filter_packets), .filter_blocked(filter_blocked),
        .ifmap_packets(ifmap_packets), .ifmap_blocked(ifmap_blocked),
        .psum_packets(psum_packets), .psum_blocked(psum_blocked),
        .gon_packets(gon_packets)
    );
    assign busy = running;

    // ---- Filter GIN

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

    rowan_gin #(
        .ROW_ID_BITS(FILTER_GIN_ROW_ID_BITS), .COLUMN_ID_BITS(FILTER_GIN_COLUMN_ID_BITS),
        .WORD_BITS(WEIGHT_BITS), .WORDS(FILTER_WORDS), .PARTS(FILTER_PARTS), .BUS_BITS(FILTER_BUS_BITS),
        .READ_LATENCY(READ_LATENCY), .LATENCY(FILTER_GIN_LATENCY),
        .ADDRESS_BITS(1), .STEPS(FILTER_STEPS), .BASES(FILTER_BASES)
    ) filter_gin (
        .clock(clock), .restart(restart), .running(running),
        .write_register(write_register[0]), .write_step(write_step[0]), .write_base(write_base[0]),
        .host_index(index), .host_data(host_write_data),
        .offer_row(filter_offer_row), .offer_column(filter_offer_column),
        .offer_words(filter_offer_words), .full(filter_full),
        .ready(filter_ready), .grant(1'b1), .issue(filter_issue), .address(filter_address),
        .read_data(filter_data),
        .bus_valid(filter_bus_valid), .bus_row(filter_bus_row), .bus_column(filter_bus_column),
        .bus_words(filter_bus_words), .bus_data(filter_bus_data),
        .packets(filter_packets), .blocked(filter_blocked)
    );

    // ---- Ifmap GIN

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

    rowan_gin #(
        .ROW_ID_BITS(IFMAP_GIN_ROW_ID_BITS), .COLUMN_ID_BITS(IFMAP_GIN_COLUMN_ID_BITS),
        .WORD_BITS(ACTIVATION_BITS), .WORDS(1), .PARTS(IFMAP_PARTS), .BUS_BITS(IFMAP_BUS_BITS),
        .READ_LATENCY(READ_LATENCY), .LATENCY(IFMAP_GIN_LATENCY),
        .ADDRESS_BITS(ADDRESS_BITS), .STEPS(IFMAP_STEPS), .BASES(IFMAP_BASES)
    ) ifmap_gin (
        .clock(clock), .restart(restart), .running(running),
        .write_register(write_register[1]), .write_step(write_step[1]), .write_base(write_base[1]),
        .host_index(index), .host_data(host_write_data),
        .offer_row(ifmap_offer_row), .offer_column(ifmap_offer_column),
        .offer_words(ifmap_offer_words), .full(ifmap_full),
        .ready(ifmap_ready), .grant(1'b1), .issue(ifmap_issue), .address(ifmap_address),
        .read_data(ifmap_data),
        .bus_valid(ifmap_bus_valid), .bus_row(ifmap_bus_row), .bus_column(ifmap_bus_column),
        .bus_words(ifmap_bus_words), .bus_data(ifmap_bus_data),
        .packets(ifmap_packets), .blocked(ifmap_blocked)
    );

    wire unused = &{
        1'b0, filter_ready, filter_address, ifmap_ready, ifmap_offer_words, ifmap_bus_words
    };

    // ---- Psum GIN and GON

    wire [PSUM_GIN_ROW_ID_BITS-1:0] psum_offer_row;
    wire [PSUM_GIN_COLUMN_ID_BITS-1:0] psum_offer_column;
    wire [PSUM_WORDS_BITS-1:0] psum_offer_words;
    wire psum_full;
    wire psum_issue;
    wire psum_bus_valid;
    wire [PSUM_GIN_ROW_ID_BITS-1:0] psum_bus_row;
    wire [PSUM_GIN_COLUMN_ID_BITS-1:0] psum_bus_column;
    wire [PSUM_WORDS_BITS-1:0] psum_bus_words;
    wire [PSUM_BUS_BITS-1:0] psum_bus_data;
    wire [PSUM_GIN_ROW_ID_BITS-1:0] gon_offer_row;
    wire [PSUM_GIN_COLUMN_ID_BITS-1:0] gon_offer_column;
    wire [PSUM_WORDS_BITS-1:0] gon_offer_words;
    wire gon_there;
    wire gon_issue;
    wire [PSUM_BUS_BITS-1:0] gon_bus_data;
    wire [BANK_BITS-1:0] psum_read_bank;
    wire [ROW_BITS-1:0] psum_read_row;
    wire [PSUM_WORDS*PSUM_BITS-1:0] psum_read_data;
    wire psum_write;
    wire [BANK_BITS-1:0] psum_write_bank;
    wire [ROW_BITS-1:0] psum_write_row;
    wire [PSUM_WORDS_BITS-1:0] psum_write_words;
    wire [PSUM_WORDS*PSUM_BITS-1:0] psum_write_data;
    wire [PSUM_WORDS_BITS-1:0] taken_words;

    rowan_psum_networks #(
        .PSUM_BITS(PSUM_BITS), .ROW_ID_BITS(PSUM_GIN_ROW_ID_BITS), .COLUMN_ID_BITS(PSUM_GIN_COLUMN_ID_BITS),
        .WORDS(PSUM_WORDS), .PARTS(PSUM_PARTS), .BUS_BITS(PSUM_BUS_BITS),
        .READ_LATENCY(READ_LATENCY), .GIN_LATENCY(PSUM_GIN_LATENCY), .GON_LATENCY(GON_LATENCY),
        .BANK_ROWS(BANK_ROWS), .BANK_BITS(BANK_BITS), .BANK_PORTS(PSUM_BANK_PORTS),
        .INTERLEAVING_BLOCK(PSUM_BANK_INTERLEAVING_BLOCK), .PRIORITY_WRITE(PSUM_BANK_PRIORITY_WRITE),
        .GIN_STEPS(PSUM_GIN_STEPS), .GIN_BASES(PSUM_GIN_BASES),
        .GON_STEPS(GON_STEPS), .GON_BASES(GON_BASES)
    ) psum_networks (
        .clock(clock), .restart(restart), .running(running),
        .write_register(write_register[3:2]), .write_step(write_step[3:2]), .write_base(write_base[3:2]),
        .host_index(index), .host_data(host_write_data),
        .reads_psums(reads_psums), .psum_banks(psum_banks),
        .first_row(first_row), .first_bank(first_bank), .first_bank_row(first_bank_row),
        .gin_offer_row(psum_offer_row), .gin_offer_column(psum_offer_column),
        .gin_offer_words(psum_offer_words), .gin_full(psum_full), .gin_issue(psum_issue),
        .gin_bus_valid(psum_bus_valid), .gin_bus_row(psum_bus_row), .gin_bus_column(psum_bus_column),
        .gin_bus_words(psum_bus_words), .gin_bus_data(psum_bus_data),
        .gon_offer_row(gon_offer_row), .gon_offer_column(gon_offer_column),
        .gon_offer_words(gon_offer_words), .gon_there(gon_there),
        .gon_issue(gon_issue), .gon_bus_data(gon_bus_data),
        .read_bank(psum_read_bank), .read_bank_row(psum_read_row), .read_data(psum_read_data),
        .write(psum_write), .write_bank(psum_write_bank), .write_bank_row(psum_write_row),
        .write_words(psum_write_words), .write_data(psum_write_data), .last_write(last_write),
        .taken(psum_valid), .taken_row(psum_row), .taken_words(taken_words), .taken_data(psum_data),
        .gin_packets(psum_packets), .gin_blocked(psum_blocked), .gon_packets(gon_packets)
    );
    assign psum_words = {{(8 - PSUM_WORDS_BITS) {1'b0}}, taken_words};

    // ---- Global buffer

    rowan_global_buffer #(
        .ACTIVATION_BITS(ACTIVATION_BITS), .WEIGHT_BITS(WEIGHT_BITS), .PSUM_BITS(PSUM_BITS),
        .FILTER_WORDS(FILTER_WORDS), .PSUM_WORDS(PSUM_WORDS), .READ_LATENCY(READ_LATENCY),
        .BANKS(BANKS), .FILTER_BANKS(FILTER_BANKS), .BANK_ROWS(BANK_ROWS),
        .ROW_WIDTH_BITS(ROW_WIDTH_BITS), .BANK_BITS(BANK_BITS), .ROW_BITS(ROW_BITS),
        .ADDRESS_BITS(ADDRESS_BITS)
    ) global_buffer (
        .clock(clock), .restart(restart), .first_psum_bank(first_psum_bank),
        .host_write_ifmap(write_ifmap), .host_write_filter(write_filter),
        .host_write_psum(write_psum), .host_read(read_psum),
        .host_index(index), .host_data(host_write_data[31:0]), .host_psum(host_psum),
        .filter_read(filter_issue), .filter_words(filter_offer_words), .filter_data(filter_data),
        .ifmap_read(ifmap_issue), .ifmap_address(ifmap_address), .ifmap_data(ifmap_data),
        .psum_read(psum_issue), .psum_read_bank(psum_read_bank), .psum_read_row(psum_read_row),
        .psum_data(psum_read_data),
        .psum_write(psum_write), .psum_write_bank(psum_write_bank), .psum_write_row(psum_write_row),
        .psum_write_words(psum_write_words), .psum_write_data(psum_write_data)
    );

    // ---- Array

    rowan_array #(
        .ROWS(ROWS), .COLUMNS(COLUMNS),
        .PE_TYPE(PE_TYPE), .ACTIVATION_BITS(ACTIVATION_BITS), .WEIGHT_BITS(WEIGHT_BITS),
        .PRODUCT_BITS(PRODUCT_BITS), .PSUM_BITS(PSUM_BITS), .SATURATE(SATURATE),
        .MULTIPLY_LATENCY(MULTIPLY_LATENCY), .ACCUMULATE_LATENCY(ACCUMULATE_LATENCY),
        .ZERO_GATING(ZERO_GATING),
        .IFMAP_SPAD_WORDS(IFMAP_SPAD_WORDS), .FILTER_SPAD_WORDS(FILTER_SPAD_WORDS),
        .PSUM_SPAD_WORDS(PSUM_SPAD_WORDS),
        .IFMAP_FIFO_WORDS(IFMAP_FIFO_WORDS), .FILTER_FIFO_WORDS(FILTER_FIFO_WORDS),
        .PSUM_IN_FIFO_WORDS(PSUM_IN_FIFO_WORDS), .PSUM_OUT_FIFO_WORDS(PSUM_OUT_FIFO_WORDS),
        .FILTER_ROW_ID_BITS(FILTER_GIN_ROW_ID_BITS), .FILTER_COLUMN_ID_BITS(FILTER_GIN_COLUMN_ID_BITS),
        .FILTER_WORDS(FILTER_WORDS), .FILTER_PARTS(FILTER_PARTS), .FILTER_BUS_BITS(FILTER_BUS_BITS),
        .IFMAP_ROW_ID_BITS(IFMAP_GIN_ROW_ID_BITS), .IFMAP_COLUMN_ID_BITS(IFMAP_GIN_COLUMN_ID_BITS),
        .IFMAP_PARTS(IFMAP_PARTS), .IFMAP_BUS_BITS(IFMAP_BUS_BITS),
        .PSUM_ROW_ID_BITS(PSUM_GIN_ROW_ID_BITS), .PSUM_COLUMN_ID_BITS(PSUM_GIN_COLUMN_ID_BITS),
        .PSUM_WORDS(PSUM_WORDS), .PSUM_PARTS(PSUM_PARTS), .PSUM_BUS_BITS(PSUM_BUS_BITS),
        .LINK_WORDS(LINK_WORDS), .LINK_PARTS(LINK_PARTS), .LINK_BITS(LINK_BITS)
    ) array (
        .clock(clock), .reset(reset), .restart(restart), .running(running),
        .product_shift(product_shift),
        .configure(write_pe), .register_index(index), .register_data(host_write_data[31:0]),
        .counter(counter),
        .filter_offer_row(filter_offer_row), .filter_offer_column(filter_offer_column),
        .filter_offer_words(filter_offer_words), .filter_full(filter_full), .filter_issue(filter_issue),
        .filter_bus_valid(filter_bus_valid), .filter_bus_row(filter_bus_row),
        .filter_bus_column(filter_bus_column),
        .filter_bus_words(filter_bus_words), .filter_bus_data(filter_bus_data),
        .ifmap_offer_row(ifmap_offer_row), .ifmap_offer_column(ifmap_offer_column),
        .ifmap_full(ifmap_full), .ifmap_issue(ifmap_issue),
        .ifmap_bus_valid(ifmap_bus_valid), .ifmap_bus_row(ifmap_bus_row),
        .ifmap_bus_column(ifmap_bus_column),
        .ifmap_bus_data(ifmap_bus_data),
        .psum_offer_row(psum_offer_row), .psum_offer_column(psum_offer_column),
        .psum_offer_words(psum_offer_words), .psum_full(psum_full), .psum_issue(psum_issue),
        .psum_bus_valid(psum_bus_valid), .psum_bus_row(psum_bus_row),
        .psum_bus_column(psum_bus_column),
        .psum_bus_words(psum_bus_words), .psum_bus_data(psum_bus_data),
        .gon_offer_row(gon_offer_row), .gon_offer_column(gon_offer_column),
        .gon_offer_words(gon_offer_words), .gon_there(gon_there),
        .gon_issue(gon_issue), .gon_bus_data(gon_bus_data)
    );

endmodule
