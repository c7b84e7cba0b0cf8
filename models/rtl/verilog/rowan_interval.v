// SPDX-License-Identifier: Apache-2.0
//
// Keeps a bus or a link CYCLES cycles for what starts on it.

module rowan_interval #(
    parameter CYCLES = 1
) (
    input  wire clock,
    input  wire restart,
    input  wire start,
    output wire free
);

    generate
        if (CYCLES == 1) begin : always_free
            wire unused = &{1'b0, clock, restart, start};
            assign free = 1'b1;
        end else begin : counted
            localparam BITS = $clog2(CYCLES);
            localparam REST = CYCLES - 1;
            reg [BITS-1:0] left;
            always @(posedge clock) begin
                if (restart) left <= 0;
                else if (start) left <= REST[BITS-1:0];
                else if (left != 0) left <= left - 1'b1;
            end
            assign free = left == 0;
        end
    endgenerate

endmodule
