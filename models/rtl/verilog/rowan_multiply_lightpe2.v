// SPDX-License-Identifier: Apache-2.0
//
// Multiply unit of lightpe2: two shifts and an addition. A weight is +-(2^-m1 + 2^-m2), bit 6 its
// sign, bits 5 to 3 m1, bits 2 to 0 m2; products count in units of 2^-7.

module rowan_multiply_lightpe2 (
    input  wire signed [ 7:0] activation,
    input  wire        [ 7:0] weight,
    output wire signed [16:0] product
);

    wire signed [16:0] extended = {{9{activation[7]}}, activation};
    wire signed [16:0] first = extended <<< ~weight[5:3];  // ~m is 7 - m
    wire signed [16:0] second = extended <<< ~weight[2:0];
    wire signed [16:0] sum = first + second;
    wire unused = &{1'b0, weight[7]};

    assign product = weight[6] ? -sum : sum;

endmodule
