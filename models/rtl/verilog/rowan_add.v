// SPDX-License-Identifier: Apache-2.0
//
// The adder of a PE type.

module rowan_add #(
    parameter PE_TYPE = 0,  // as in rowan_machine
    parameter PSUM_BITS = 16,
    parameter ADDEND_BITS = 16,
    parameter SATURATE = 0
) (
    input  wire [  PSUM_BITS-1:0] psum,
    input  wire [ADDEND_BITS-1:0] addend,
    output wire [  PSUM_BITS-1:0] sum
);

    generate
        if (PE_TYPE == 3) begin : fp32
            rowan_add_fp32 unit (.psum(psum), .addend(addend), .sum(sum));
        end else begin : integers
            rowan_add_integer #(
                .PSUM_BITS(PSUM_BITS),
                .ADDEND_BITS(ADDEND_BITS),
                .SATURATE(SATURATE)
            ) unit (.psum(psum), .addend(addend), .sum(sum));
        end
    endgenerate

endmodule
