// SPDX-License-Identifier: Apache-2.0
//
// The psum side of a PE: its ends of psum GIN, GON and the links to its neighbours, and the FIFOs in
// between. A PE has psums from one source, the psum GIN or the PE below, and for one sink, the GON or the
// PE above.

module rowan_psum_fifos #(
    parameter PSUM_BITS = 16,
    parameter IN_FIFO_WORDS = 24,
    parameter OUT_FIFO_WORDS = 24,
    parameter ROW_ID_BITS = 4,
    parameter COLUMN_ID_BITS = 4,
    parameter WORDS = 4,  // of a packet
    parameter PARTS = 1,
    parameter BUS_BITS = 64,
    parameter LINK_WORDS = 4  // that a link moves in a cycle
) (
    input wire                      clock,
    input wire                      restart,
    input wire                      active,
    input wire [   ROW_ID_BITS-1:0] row,
    input wire [COLUMN_ID_BITS-1:0] column,

    // Psum GIN.
    input  wire [      ROW_ID_BITS-1:0] gin_offer_row,
    input  wire [   COLUMN_ID_BITS-1:0] gin_offer_column,
    input  wire [$clog2(WORDS+1)-1 : 0] gin_offer_words,
    output wire                         gin_full,
    input  wire                         gin_issue,
    input  wire                         gin_bus_valid,
    input  wire [      ROW_ID_BITS-1:0] gin_bus_row,
    input  wire [   COLUMN_ID_BITS-1:0] gin_bus_column,
    input  wire [$clog2(WORDS+1)-1 : 0] gin_bus_words,
    input  wire [         BUS_BITS-1:0] gin_bus_data,

    // GON.
    input  wire [      ROW_ID_BITS-1:0] gon_offer_row,
    input  wire [   COLUMN_ID_BITS-1:0] gon_offer_column,
    input  wire [$clog2(WORDS+1)-1 : 0] gon_offer_words,
    output wire                         gon_there,
    input  wire                         gon_issue,
    output wire [         BUS_BITS-1:0] gon_bus_data,

    // The links from the PE below and to the PE above.
    output wire [  (IN_FIFO_WORDS > 1 ? $clog2(IN_FIFO_WORDS) : 1) : 0] below_free,
    input  wire [                           $clog2(LINK_WORDS+1)-1 : 0] below_reserve,
    input  wire [                           $clog2(LINK_WORDS+1)-1 : 0] below_write,
    input  wire [                             LINK_WORDS*PSUM_BITS-1:0] below_data,
    output wire [(OUT_FIFO_WORDS > 1 ? $clog2(OUT_FIFO_WORDS) : 1) : 0] above_stored,
    output wire [                             LINK_WORDS*PSUM_BITS-1:0] above_data,
    input  wire [                           $clog2(LINK_WORDS+1)-1 : 0] above_take,

    // The PE itself: the incoming psum that it takes, the slot and the word of an outgoing one.
    output wire                 no_incoming,
    input  wire                 take,
    output wire [PSUM_BITS-1:0] in_word,
    output wire                 no_room,
    input  wire                 reserve,
    input  wire                 write,
    input  wire [PSUM_BITS-1:0] write_data
);

    localparam WORDS_BITS = $clog2(WORDS + 1);
    localparam IN_COUNT_BITS = IN_FIFO_WORDS > 1 ? $clog2(IN_FIFO_WORDS) + 1 : 2;
    localparam OUT_COUNT_BITS = OUT_FIFO_WORDS > 1 ? $clog2(OUT_FIFO_WORDS) + 1 : 2;
    localparam LINK_WORDS_BITS = $clog2(LINK_WORDS + 1);
    // Of the FIFOs' sides that a bus and a link share.
    localparam MOVED_WORDS = WORDS > LINK_WORDS ? WORDS : LINK_WORDS;
    localparam MOVED_BITS = $clog2(MOVED_WORDS + 1);

    wire [IN_COUNT_BITS-1:0] in_stored;
    wire [OUT_COUNT_BITS-1:0] out_free;
    assign no_incoming = in_stored == 0;
    assign no_room = out_free == 0;

    wire [WORDS_BITS-1:0] gin_reserve;
    wire [WORDS_BITS-1:0] gin_write;
    wire [WORDS*PSUM_BITS-1:0] gin_packet;

    rowan_gin_port #(
        .ROW_ID_BITS(ROW_ID_BITS),
        .COLUMN_ID_BITS(COLUMN_ID_BITS),
        .WORD_BITS(PSUM_BITS),
        .WORDS(WORDS),
        .PARTS(PARTS),
        .BUS_BITS(BUS_BITS),
        .COUNT_BITS(IN_COUNT_BITS)
    ) gin_port (
        .clock(clock),
        .active(active),
        .row(row),
        .column(column),
        .offer_row(gin_offer_row),
        .offer_column(gin_offer_column),
        .offer_words(gin_offer_words),
        .full(gin_full),
        .issue(gin_issue),
        .bus_valid(gin_bus_valid),
        .bus_row(gin_bus_row),
        .bus_column(gin_bus_column),
        .bus_words(gin_bus_words),
        .bus_data(gin_bus_data),
        .free(below_free),
        .reserve(gin_reserve),
        .write(gin_write),
        .write_data(gin_packet)
    );

    wire [MOVED_WORDS*PSUM_BITS-1:0] in_from_gin;
    wire [MOVED_WORDS*PSUM_BITS-1:0] in_from_below;
    assign in_from_gin = {{((MOVED_WORDS - WORDS) * PSUM_BITS) {1'b0}}, gin_packet};
    assign in_from_below = {{((MOVED_WORDS - LINK_WORDS) * PSUM_BITS) {1'b0}}, below_data};

    rowan_fifo #(
        .WIDTH(PSUM_BITS),
        .DEPTH(IN_FIFO_WORDS),
        .MAX_IN(MOVED_WORDS),
        .MAX_OUT(1)
    ) psum_in_fifo (
        .clock(clock),
        .restart(restart),
        .reserve({{(MOVED_BITS - WORDS_BITS) {1'b0}}, gin_reserve}
                 | {{(MOVED_BITS - LINK_WORDS_BITS) {1'b0}}, below_reserve}),
        .write({{(MOVED_BITS - WORDS_BITS) {1'b0}}, gin_write}
               | {{(MOVED_BITS - LINK_WORDS_BITS) {1'b0}}, below_write}),
        .write_data(gin_write != 0 ? in_from_gin : in_from_below),
        .pop(take),
        .read_data(in_word),
        .free(below_free),
        .stored(in_stored)
    );

    wire gon_addressed;
    wire gon_take = gon_issue && gon_addressed;
    wire [MOVED_WORDS*PSUM_BITS-1:0] out_words;

    rowan_fifo #(
        .WIDTH(PSUM_BITS),
        .DEPTH(OUT_FIFO_WORDS),
        .MAX_IN(1),
        .MAX_OUT(MOVED_WORDS)
    ) psum_out_fifo (
        .clock(clock),
        .restart(restart),
        .reserve(reserve),
        .write(write),
        .write_data(write_data),
        .pop(gon_take ? {{(MOVED_BITS - WORDS_BITS) {1'b0}}, gon_offer_words}
                      : {{(MOVED_BITS - LINK_WORDS_BITS) {1'b0}}, above_take}),
        .read_data(out_words),
        .free(out_free),
        .stored(above_stored)
    );
    assign above_data = out_words[LINK_WORDS*PSUM_BITS-1:0];

    rowan_multicast #(
        .ROW_ID_BITS(ROW_ID_BITS),
        .COLUMN_ID_BITS(COLUMN_ID_BITS)
    ) gon_offer (
        .active(active),
        .row(row),
        .column(column),
        .packet_row(gon_offer_row),
        .packet_column(gon_offer_column),
        .addressed(gon_addressed)
    );
    assign gon_there = gon_addressed
        && above_stored >= {{(OUT_COUNT_BITS - WORDS_BITS) {1'b0}}, gon_offer_words};

    rowan_sender #(
        .PACKET_BITS(WORDS * PSUM_BITS),
        .BUS_BITS(BUS_BITS),
        .PARTS(PARTS)
    ) gon_sender (
        .clock(clock),
        .restart(restart),
        .load(gon_take),
        .packet(out_words[WORDS*PSUM_BITS-1:0]),
        .bus(gon_bus_data)
    );

endmodule
