// SPDX-License-Identifier: Apache-2.0
//
// The global output network: takes the head packet from the PE with its IDs, when all its words are
// there and the psum bank is granted. The words are in the global buffer LATENCY cycles after the
// issue, a word that is wider than the bus PARTS - 1 later.

module rowan_gon #(
    parameter ROW_ID_BITS = 4,
    parameter COLUMN_ID_BITS = 4,
    parameter WORD_BITS = 16,
    parameter WORDS = 4,  // of a full packet
    parameter BUS_BITS = 64,  // WORDS * WORD_BITS with one part
    parameter PARTS = 1,
    parameter LATENCY = 1,
    parameter PLACE_BITS = 16,
    parameter STEPS = 16,
    parameter BASES = 16
) (
    input wire clock,
    input wire restart,
    input wire running,

    input wire        write_register,
    input wire        write_step,
    input wire        write_base,
    input wire [27:0] host_index,
    input wire [63:0] host_data,

    // The head packet; `there`: the PE with these IDs has all its words.
    output wire [      ROW_ID_BITS-1:0] offer_row,
    output wire [   COLUMN_ID_BITS-1:0] offer_column,
    output wire [$clog2(WORDS+1)-1 : 0] offer_words,
    input  wire                         there,
    input  wire [         BUS_BITS-1:0] bus_data,

    // The global buffer's side. `place`: where the head packet goes, to come back with its words.
    output wire                         ready,
    input  wire                         grant,
    output wire                         issue,
    input  wire [       PLACE_BITS-1:0] place,
    output wire                         write,
    output wire                         write_last,  // packet of the pass
    output wire [       PLACE_BITS-1:0] write_place,
    output wire [$clog2(WORDS+1)-1 : 0] write_words,
    output wire [  WORDS*WORD_BITS-1:0] write_data,

    // The packet whose last part is on the bus.
    output wire                         taken,
    output wire [       PLACE_BITS-1:0] taken_place,
    output wire [$clog2(WORDS+1)-1 : 0] taken_words,
    output wire [  WORDS*WORD_BITS-1:0] taken_data,

    output reg [31:0] packets
);

    localparam HEADER_BITS = 2 + PLACE_BITS + $clog2(WORDS + 1);

    wire valid;
    wire last;
    wire free;  // the parts of the packet before have left
    wire [23:0] address;

    assign ready = running && valid && free && there;
    assign issue = ready && grant;
    wire unused = &{1'b0, address};

    rowan_packet_sequencer #(
        .ROW_ID_BITS(ROW_ID_BITS),
        .COLUMN_ID_BITS(COLUMN_ID_BITS),
        .WORDS(WORDS),
        .ADDRESS_BITS(24),
        .STEPS(STEPS),
        .BASES(BASES)
    ) sequencer (
        .clock(clock),
        .restart(restart),
        .write_register(write_register),
        .write_step(write_step),
        .write_base(write_base),
        .host_index(host_index),
        .host_data(host_data),
        .advance(issue),
        .valid(valid),
        .last(last),
        .row(offer_row),
        .column(offer_column),
        .words(offer_words),
        .address(address)
    );

    rowan_interval #(.CYCLES(PARTS)) interval (
        .clock(clock),
        .restart(restart),
        .start(issue),
        .free(free)
    );

    wire taken_last;

    rowan_delay #(.WIDTH(HEADER_BITS), .STAGES(PARTS - 1)) parts (
        .clock(clock),
        .restart(restart),
        .in({issue, issue && last, place, offer_words}),
        .out({taken, taken_last, taken_place, taken_words})
    );

    rowan_receiver #(
        .PACKET_BITS(WORDS * WORD_BITS),
        .BUS_BITS(BUS_BITS),
        .PARTS(PARTS)
    ) receiver (
        .clock(clock),
        .bus(bus_data),
        .packet(taken_data)
    );

    // The last register of the path is the bank.
    rowan_delay #(.WIDTH(HEADER_BITS + WORDS * WORD_BITS), .STAGES(LATENCY - 1)) way (
        .clock(clock),
        .restart(restart),
        .in({taken, taken_last, taken_place, taken_words, taken_data}),
        .out({write, write_last, write_place, write_words, write_data})
    );

    always @(posedge clock) begin
        if (restart) packets <= 0;
        else if (issue) packets <= packets + 1;
    end

endmodule
