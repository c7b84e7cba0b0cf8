// SPDX-License-Identifier: Apache-2.0
//
// The fp32 units side by side, for fp32_units.cpp.

module fp32_units (
    input  wire [31:0] a,
    input  wire [31:0] b,
    output wire [31:0] product,
    output wire [31:0] sum
);

    rowan_multiply_fp32 multiply (.activation(a), .weight(b), .product(product));
    rowan_add_fp32 add (.psum(a), .addend(b), .sum(sum));

endmodule
