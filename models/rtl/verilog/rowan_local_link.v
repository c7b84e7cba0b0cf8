// SPDX-License-Identifier: Apache-2.0
//
// A link of the local network: moves psums from a PE's psum_out_fifo to the psum_in_fifo of the PE
// above. In every cycle, in order, as many words as are there, fit the width and find room; a word
// that is wider than the link goes in PARTS parts.

module rowan_local_link #(
    parameter WORD_BITS = 16,
    parameter WORDS = 4,  // in a cycle; both FIFOs hold as many
    parameter LINK_BITS = 64,  // WORDS * WORD_BITS with one part
    parameter PARTS = 1,
    parameter COUNT_BITS = 5  // of what the FIFOs say
) (
    input wire clock,
    input wire restart,
    input wire used,  // in this pass

    input  wire [        COUNT_BITS-1:0] stored,  // in the PE below
    input  wire [   WORDS*WORD_BITS-1:0] words,
    input  wire [        COUNT_BITS-1:0] free,    // in the PE above
    output wire [$clog2(WORDS+1)-1 : 0]  take,
    output wire [$clog2(WORDS+1)-1 : 0]  write,
    output wire [   WORDS*WORD_BITS-1:0] write_data
);

    localparam WORDS_BITS = $clog2(WORDS + 1);

    wire idle;
    wire [COUNT_BITS-1:0] possible = stored < free ? stored : free;
    assign take = !used || !idle ? {WORDS_BITS{1'b0}}
                : possible > WORDS[COUNT_BITS-1:0] ? WORDS[WORDS_BITS-1:0]
                : possible[WORDS_BITS-1:0];

    rowan_interval #(.CYCLES(PARTS)) interval (
        .clock(clock),
        .restart(restart),
        .start(take != 0),
        .free(idle)
    );

    wire [LINK_BITS-1:0] link;

    rowan_sender #(
        .PACKET_BITS(WORDS * WORD_BITS),
        .BUS_BITS(LINK_BITS),
        .PARTS(PARTS)
    ) sender (
        .clock(clock),
        .restart(restart),
        .load(take != 0),
        .packet(words),
        .bus(link)
    );

    rowan_receiver #(
        .PACKET_BITS(WORDS * WORD_BITS),
        .BUS_BITS(LINK_BITS),
        .PARTS(PARTS)
    ) receiver (
        .clock(clock),
        .bus(link),
        .packet(write_data)
    );

    rowan_delay #(.WIDTH(WORDS_BITS), .STAGES(PARTS - 1)) parts (
        .clock(clock),
        .restart(restart),
        .in(take),
        .out(write)
    );

endmodule
