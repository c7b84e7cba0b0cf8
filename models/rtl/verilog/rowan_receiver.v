// SPDX-License-Identifier: Apache-2.0
//
// Takes a packet from a bus: the packet is whole in the cycle in which its last part is on the bus.

module rowan_receiver #(
    parameter PACKET_BITS = 64,
    parameter BUS_BITS = 64,  // PACKET_BITS with one part
    parameter PARTS = 1
) (
    input  wire                   clock,
    input  wire [   BUS_BITS-1:0] bus,
    output wire [PACKET_BITS-1:0] packet
);

    generate
        if (PARTS == 1) begin : whole
            wire unused = &{1'b0, clock};
            assign packet = bus;
        end else begin : parts
            localparam REST_BITS = (PARTS - 1) * BUS_BITS;
            reg  [     REST_BITS-1:0] rest;  // parts of the cycles before, the latest highest
            wire [PARTS*BUS_BITS-1:0] padded = {bus, rest};
            always @(posedge clock) rest <= padded[BUS_BITS+:REST_BITS];
            assign packet = padded[PACKET_BITS-1:0];
            if (PARTS * BUS_BITS > PACKET_BITS) begin : padding
                wire unused = &{1'b0, padded[PARTS*BUS_BITS-1:PACKET_BITS]};
            end
        end
    endgenerate

endmodule
