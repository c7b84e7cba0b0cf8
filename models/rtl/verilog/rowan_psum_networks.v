// SPDX-License-Identifier: Apache-2.0
//
// The networks of the psums: psum GIN and GON, with the counters that say where in the psum tile the next
// packet is, and the arbiter between the two where a bank has one port for both.

module rowan_psum_networks #(
    parameter PSUM_BITS = 16,
    parameter ROW_ID_BITS = 4,
    parameter COLUMN_ID_BITS = 4,
    parameter WORDS = 4,  // of a full packet
    parameter PARTS = 1,
    parameter BUS_BITS = 64,
    parameter READ_LATENCY = 1,
    parameter GIN_LATENCY = 1,
    parameter GON_LATENCY = 1,
    parameter BANK_ROWS = 512,
    parameter BANK_BITS = 5,
    parameter BANK_PORTS = 2,
    parameter INTERLEAVING_BLOCK = 0,
    parameter PRIORITY_WRITE = 0,
    parameter GIN_STEPS = 16,
    parameter GIN_BASES = 16,
    parameter GON_STEPS = 16,
    parameter GON_BASES = 16
) (
    input wire clock,
    input wire restart,
    input wire running,

    // The host; bit 0 is of the psum GIN, bit 1 of the GON.
    input wire [ 1:0] write_register,
    input wire [ 1:0] write_step,
    input wire [ 1:0] write_base,
    input wire [27:0] host_index,
    input wire [63:0] host_data,

    // Registers of the pass.
    input wire                                                   reads_psums,
    input wire [                                    BANK_BITS:0] psum_banks,
    input wire [                                           31:0] first_row,
    input wire [                                  BANK_BITS-1:0] first_bank,
    input wire [(BANK_ROWS > 1 ? $clog2(BANK_ROWS) : 1) - 1 : 0] first_bank_row,

    // Psum GIN: the array's side.
    output wire [      ROW_ID_BITS-1:0] gin_offer_row,
    output wire [   COLUMN_ID_BITS-1:0] gin_offer_column,
    output wire [$clog2(WORDS+1)-1 : 0] gin_offer_words,
    input  wire                         gin_full,
    output wire                         gin_issue,
    output wire                         gin_bus_valid,
    output wire [      ROW_ID_BITS-1:0] gin_bus_row,
    output wire [   COLUMN_ID_BITS-1:0] gin_bus_column,
    output wire [$clog2(WORDS+1)-1 : 0] gin_bus_words,
    output wire [         BUS_BITS-1:0] gin_bus_data,

    // GON: the array's side.
    output wire [      ROW_ID_BITS-1:0] gon_offer_row,
    output wire [   COLUMN_ID_BITS-1:0] gon_offer_column,
    output wire [$clog2(WORDS+1)-1 : 0] gon_offer_words,
    input  wire                         gon_there,
    output wire                         gon_issue,
    input  wire [         BUS_BITS-1:0] gon_bus_data,

    // The global buffer's side: the bank and its row that the psum GIN reads with `gin_issue`, and what the
    // GON writes.
    output wire [                                  BANK_BITS-1:0] read_bank,
    output wire [(BANK_ROWS > 1 ? $clog2(BANK_ROWS) : 1) - 1 : 0] read_bank_row,
    input  wire [                            WORDS*PSUM_BITS-1:0] read_data,

    output wire                                                   write,
    output wire [                                  BANK_BITS-1:0] write_bank,
    output wire [(BANK_ROWS > 1 ? $clog2(BANK_ROWS) : 1) - 1 : 0] write_bank_row,
    output wire [                          $clog2(WORDS+1)-1 : 0] write_words,
    output wire [                            WORDS*PSUM_BITS-1:0] write_data,
    output wire                                                   last_write,  // of the pass

    // The packet whose last part is on the GON.
    output wire                         taken,
    output wire [                 31:0] taken_row,  // of the tile
    output wire [$clog2(WORDS+1)-1 : 0] taken_words,
    output wire [  WORDS*PSUM_BITS-1:0] taken_data,

    output wire [31:0] gin_packets,
    output wire [31:0] gin_blocked,  // cycles
    output wire [31:0] gon_packets
);

    localparam ROW_BITS = BANK_ROWS > 1 ? $clog2(BANK_ROWS) : 1;
    localparam PLACE_BITS = 32 + BANK_BITS + ROW_BITS;  // of a psum row: in the tile, bank, in the bank

    wire gin_ready;
    wire gin_grant;
    wire [0:0] gin_address;  // rows are counted
    wire [31:0] read_row;

    rowan_gin #(
        .ROW_ID_BITS(ROW_ID_BITS),
        .COLUMN_ID_BITS(COLUMN_ID_BITS),
        .WORD_BITS(PSUM_BITS),
        .WORDS(WORDS),
        .BUS_BITS(BUS_BITS),
        .PARTS(PARTS),
        .READ_LATENCY(READ_LATENCY),
        .LATENCY(GIN_LATENCY),
        .ADDRESS_BITS(1),
        .STEPS(GIN_STEPS),
        .BASES(GIN_BASES)
    ) psum_gin (
        .clock(clock),
        .restart(restart),
        .running(running && reads_psums),
        .write_register(write_register[0]),
        .write_step(write_step[0]),
        .write_base(write_base[0]),
        .host_index(host_index),
        .host_data(host_data),
        .offer_row(gin_offer_row),
        .offer_column(gin_offer_column),
        .offer_words(gin_offer_words),
        .full(gin_full),
        .ready(gin_ready),
        .grant(gin_grant),
        .issue(gin_issue),
        .address(gin_address),
        .read_data(read_data),
        .bus_valid(gin_bus_valid),
        .bus_row(gin_bus_row),
        .bus_column(gin_bus_column),
        .bus_words(gin_bus_words),
        .bus_data(gin_bus_data),
        .packets(gin_packets),
        .blocked(gin_blocked)
    );

    rowan_psum_counter #(
        .BANK_ROWS(BANK_ROWS),
        .BLOCK(INTERLEAVING_BLOCK),
        .BANK_BITS(BANK_BITS)
    ) read_counter (
        .clock(clock),
        .restart(restart),
        .advance(gin_issue),
        .first_row(first_row),
        .first_bank(first_bank),
        .first_bank_row(first_bank_row),
        .banks(psum_banks),
        .row(read_row),
        .bank(read_bank),
        .bank_row(read_bank_row)
    );

    wire gon_ready;
    wire gon_grant;
    wire [31:0] issue_row;
    wire [BANK_BITS-1:0] issue_bank;
    wire [ROW_BITS-1:0] issue_bank_row;
    wire write_last;
    wire [31:0] write_row;
    wire [BANK_BITS-1:0] taken_bank;
    wire [ROW_BITS-1:0] taken_bank_row;

    rowan_gon #(
        .ROW_ID_BITS(ROW_ID_BITS),
        .COLUMN_ID_BITS(COLUMN_ID_BITS),
        .WORD_BITS(PSUM_BITS),
        .WORDS(WORDS),
        .BUS_BITS(BUS_BITS),
        .PARTS(PARTS),
        .LATENCY(GON_LATENCY),
        .PLACE_BITS(PLACE_BITS),
        .STEPS(GON_STEPS),
        .BASES(GON_BASES)
    ) gon (
        .clock(clock),
        .restart(restart),
        .running(running),
        .write_register(write_register[1]),
        .write_step(write_step[1]),
        .write_base(write_base[1]),
        .host_index(host_index),
        .host_data(host_data),
        .offer_row(gon_offer_row),
        .offer_column(gon_offer_column),
        .offer_words(gon_offer_words),
        .there(gon_there),
        .bus_data(gon_bus_data),
        .ready(gon_ready),
        .grant(gon_grant),
        .issue(gon_issue),
        .place({issue_row, issue_bank, issue_bank_row}),
        .write(write),
        .write_last(write_last),
        .write_place({write_row, write_bank, write_bank_row}),
        .write_words(write_words),
        .write_data(write_data),
        .taken(taken),
        .taken_place({taken_row, taken_bank, taken_bank_row}),
        .taken_words(taken_words),
        .taken_data(taken_data),
        .packets(gon_packets)
    );
    assign last_write = write && write_last;

    rowan_psum_counter #(
        .BANK_ROWS(BANK_ROWS),
        .BLOCK(INTERLEAVING_BLOCK),
        .BANK_BITS(BANK_BITS)
    ) write_counter (
        .clock(clock),
        .restart(restart),
        .advance(gon_issue),
        .first_row(first_row),
        .first_bank(first_bank),
        .first_bank_row(first_bank_row),
        .banks(psum_banks),
        .row(issue_row),
        .bank(issue_bank),
        .bank_row(issue_bank_row)
    );

    // A bank with one port serves one of them in a cycle.
    wire conflict = BANK_PORTS == 1 && gin_ready && gon_ready && read_bank == issue_bank;
    assign gin_grant = !(conflict && PRIORITY_WRITE != 0);
    assign gon_grant = !(conflict && PRIORITY_WRITE == 0);

    wire unused = &{1'b0, gin_address, read_row, write_row, taken_bank, taken_bank_row};

endmodule
