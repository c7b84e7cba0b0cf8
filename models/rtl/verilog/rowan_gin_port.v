// SPDX-License-Identifier: Apache-2.0
//
// A PE's end of a global input network: says whether a packet on offer lacks room in the PE's FIFO,
// reserves its slots when it is issued, and writes its words when they arrive.

module rowan_gin_port #(
    parameter ROW_ID_BITS = 4,
    parameter COLUMN_ID_BITS = 4,
    parameter WORD_BITS = 16,
    parameter WORDS = 4,  // of a full packet
    parameter PARTS = 1,
    parameter BUS_BITS = 64,
    parameter COUNT_BITS = 4  // of the FIFO's free slots
) (
    input wire                      clock,
    input wire                      active,
    input wire [   ROW_ID_BITS-1:0] row,
    input wire [COLUMN_ID_BITS-1:0] column,

    input  wire [     ROW_ID_BITS-1:0] offer_row,
    input  wire [  COLUMN_ID_BITS-1:0] offer_column,
    input  wire [$clog2(WORDS+1)-1 : 0] offer_words,
    output wire                        full,
    input  wire                        issue,

    input wire                         bus_valid,
    input wire [      ROW_ID_BITS-1:0] bus_row,
    input wire [   COLUMN_ID_BITS-1:0] bus_column,
    input wire [$clog2(WORDS+1)-1 : 0] bus_words,
    input wire [         BUS_BITS-1:0] bus_data,

    // The FIFO.
    input  wire [       COUNT_BITS-1:0] free,
    output wire [$clog2(WORDS+1)-1 : 0] reserve,
    output wire [$clog2(WORDS+1)-1 : 0] write,
    output wire [  WORDS*WORD_BITS-1:0] write_data
);

    localparam WORDS_BITS = $clog2(WORDS + 1);

    wire addressed;
    wire arrives;

    rowan_multicast #(.ROW_ID_BITS(ROW_ID_BITS), .COLUMN_ID_BITS(COLUMN_ID_BITS)) offer (
        .active(active),
        .row(row),
        .column(column),
        .packet_row(offer_row),
        .packet_column(offer_column),
        .addressed(addressed)
    );
    assign full = addressed && free < {{(COUNT_BITS - WORDS_BITS) {1'b0}}, offer_words};
    assign reserve = issue && addressed ? offer_words : {WORDS_BITS{1'b0}};

    rowan_multicast #(.ROW_ID_BITS(ROW_ID_BITS), .COLUMN_ID_BITS(COLUMN_ID_BITS)) arrival (
        .active(active && bus_valid),
        .row(row),
        .column(column),
        .packet_row(bus_row),
        .packet_column(bus_column),
        .addressed(arrives)
    );
    assign write = arrives ? bus_words : {WORDS_BITS{1'b0}};

    rowan_receiver #(
        .PACKET_BITS(WORDS * WORD_BITS),
        .BUS_BITS(BUS_BITS),
        .PARTS(PARTS)
    ) receiver (
        .clock(clock),
        .bus(bus_data),
        .packet(write_data)
    );

endmodule
