// SPDX-License-Identifier: Apache-2.0
//
// A bus of many drivers of which all but one drive 0.

module rowan_or #(
    parameter INPUTS = 4,
    parameter WIDTH = 32
) (
    input  wire [INPUTS*WIDTH-1:0] in,
    output reg  [       WIDTH-1:0] out
);

    integer i;
    always @* begin
        out = 0;
        for (i = 0; i < INPUTS; i = i + 1) out = out | in[i*WIDTH+:WIDTH];
    end

endmodule
