// SPDX-License-Identifier: Apache-2.0
//
// The slot of a ring that is `steps` <= SLOTS behind another.

module rowan_ring_step #(
    parameter SLOTS = 12
) (
    input  wire [(SLOTS > 1 ? $clog2(SLOTS) : 1) - 1 : 0] slot,
    input  wire [(SLOTS > 1 ? $clog2(SLOTS) : 1) : 0]     steps,
    output wire [(SLOTS > 1 ? $clog2(SLOTS) : 1) - 1 : 0] next
);

    localparam BITS = SLOTS > 1 ? $clog2(SLOTS) : 1;

    wire wraps = {1'b0, slot} + steps >= SLOTS[BITS:0];
    assign next = slot + steps[BITS-1:0] - (wraps ? SLOTS[BITS-1:0] : {BITS{1'b0}});

endmodule
