// SPDX-License-Identifier: Apache-2.0
//
// A global input network: offers the head packet's IDs to the array, issues the packet when no PE
// that is addressed lacks room and the global buffer grants the read, and sends its words READ_LATENCY
// cycles later, with LATENCY, in as many PARTS as a word takes that is wider than the bus.

module rowan_gin #(
    parameter ROW_ID_BITS = 4,
    parameter COLUMN_ID_BITS = 4,
    parameter WORD_BITS = 16,
    parameter WORDS = 4,  // of a full packet
    parameter BUS_BITS = 64,  // WORDS * WORD_BITS with one part
    parameter PARTS = 1,
    parameter READ_LATENCY = 1,
    parameter LATENCY = 1,
    parameter ADDRESS_BITS = 16,
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

    // The head packet; `full`: a PE with these IDs has no room for it.
    output wire [      ROW_ID_BITS-1:0] offer_row,
    output wire [   COLUMN_ID_BITS-1:0] offer_column,
    output wire [$clog2(WORDS+1)-1 : 0] offer_words,
    input  wire                         full,

    // The global buffer's side.
    output wire                       ready,  // the packet could be issued
    input  wire                       grant,
    output wire                       issue,
    output wire [   ADDRESS_BITS-1:0] address,
    input  wire [WORDS*WORD_BITS-1:0] read_data,  // READ_LATENCY after issue

    // The bus; `bus_valid` with the last part of a packet.
    output wire                         bus_valid,
    output wire [      ROW_ID_BITS-1:0] bus_row,
    output wire [   COLUMN_ID_BITS-1:0] bus_column,
    output wire [$clog2(WORDS+1)-1 : 0] bus_words,
    output wire [         BUS_BITS-1:0] bus_data,

    output reg [31:0] packets,
    output reg [31:0] blocked  // cycles
);

    localparam HEADER_BITS = 1 + $clog2(WORDS + 1) + COLUMN_ID_BITS + ROW_ID_BITS;

    wire valid;
    wire last;
    wire free;  // the parts of the packet before have left
    wire offering = running && valid && free;

    assign ready = offering && !full;
    assign issue = ready && grant;
    wire unused = &{1'b0, last};

    rowan_packet_sequencer #(
        .ROW_ID_BITS(ROW_ID_BITS),
        .COLUMN_ID_BITS(COLUMN_ID_BITS),
        .WORDS(WORDS),
        .ADDRESS_BITS(ADDRESS_BITS),
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

    wire load;
    wire [BUS_BITS-1:0] sent;

    rowan_delay #(.WIDTH(1), .STAGES(READ_LATENCY)) read (
        .clock(clock),
        .restart(restart),
        .in(issue),
        .out(load)
    );

    rowan_sender #(
        .PACKET_BITS(WORDS * WORD_BITS),
        .BUS_BITS(BUS_BITS),
        .PARTS(PARTS)
    ) sender (
        .clock(clock),
        .restart(restart),
        .load(load),
        .packet(read_data),
        .bus(sent)
    );

    // The last register of the path is the FIFO's.
    rowan_delay #(.WIDTH(BUS_BITS), .STAGES(LATENCY - 1)) bus (
        .clock(clock),
        .restart(restart),
        .in(sent),
        .out(bus_data)
    );

    rowan_delay #(.WIDTH(HEADER_BITS), .STAGES(READ_LATENCY + PARTS - 1 + LATENCY - 1)) header (
        .clock(clock),
        .restart(restart),
        .in({issue, offer_words, offer_column, offer_row}),
        .out({bus_valid, bus_words, bus_column, bus_row})
    );

    always @(posedge clock) begin
        if (restart) begin
            packets <= 0;
            blocked <= 0;
        end else begin
            if (issue) packets <= packets + 1;
            if (offering && full) blocked <= blocked + 1;
        end
    end

endmodule
