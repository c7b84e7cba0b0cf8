// SPDX-License-Identifier: Apache-2.0
//
// Puts a packet on a bus: all of it, or PARTS parts of a word that is wider than the bus, the lowest
// first, in the cycle of `load` and those behind it. The bus is 0 else.

module rowan_sender #(
    parameter PACKET_BITS = 64,
    parameter BUS_BITS = 64,  // PACKET_BITS with one part
    parameter PARTS = 1
) (
    input  wire                   clock,
    input  wire                   restart,
    input  wire                   load,
    input  wire [PACKET_BITS-1:0] packet,
    output wire [   BUS_BITS-1:0] bus
);

    generate
        if (PARTS == 1) begin : whole
            wire unused = &{1'b0, clock, restart};
            assign bus = load ? packet : {BUS_BITS{1'b0}};
        end else begin : parts
            localparam REST_BITS = (PARTS - 1) * BUS_BITS;
            reg [REST_BITS-1:0] rest;
            wire [PARTS*BUS_BITS-1:0] padded = {{(PARTS * BUS_BITS - PACKET_BITS) {1'b0}}, packet};
            always @(posedge clock) begin
                if (restart) rest <= 0;
                else if (load) rest <= padded[BUS_BITS+:REST_BITS];
                else rest <= rest >> BUS_BITS;
            end
            assign bus = load ? padded[BUS_BITS-1:0] : rest[BUS_BITS-1:0];
        end
    endgenerate

endmodule
