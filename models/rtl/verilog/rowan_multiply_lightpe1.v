// SPDX-License-Identifier: Apache-2.0
//
// Multiply unit of lightpe1: one shift. A weight is +-2^-m, bit 3 its sign, bits 2 to 0 m; products
// count in units of 2^-7.

module rowan_multiply_lightpe1 (
    input  wire signed [ 7:0] activation,
    input  wire        [ 3:0] weight,
    output wire signed [15:0] product
);

    wire signed [15:0] extended = {{8{activation[7]}}, activation};
    wire signed [15:0] shifted = extended <<< ~weight[2:0];  // ~m is 7 - m

    assign product = weight[3] ? -shifted : shifted;

endmodule
