// SPDX-License-Identifier: Apache-2.0
//
// Multiply unit of fp32: IEEE 754 binary32, to nearest even, subnormals kept, every NaN 0x7fc00000.

module rowan_multiply_fp32 (
    input  wire [31:0] activation,
    input  wire [31:0] weight,
    output reg  [31:0] product
);

    wire sign = activation[31] ^ weight[31];
    wire a_zero = activation[30:0] == 0;
    wire b_zero = weight[30:0] == 0;
    wire a_special = &activation[30:23];  // infinity or NaN
    wire b_special = &weight[30:23];
    wire nan = (a_special && activation[22:0] != 0) || (b_special && weight[22:0] != 0)
            || (a_special && b_zero) || (b_special && a_zero);

    // A subnormal has the exponent of the smallest normal number and no leading one.
    wire a_normal = |activation[30:23];
    wire b_normal = |weight[30:23];
    wire [47:0] exact = {24'b0, a_normal, activation[22:0]} * {24'b0, b_normal, weight[22:0]};
    wire signed [10:0] exponent_sum = $signed({3'b0, activation[30:23]}) + $signed({3'b0, weight[30:23]})
                                    + $signed({10'b0, !a_normal}) + $signed({10'b0, !b_normal});

    integer i;
    reg [5:0] zeros;  // above the leading one of the product
    reg [47:0] normal;
    reg signed [10:0] exponent;  // biased, with the leading one at bit 47
    reg signed [10:0] deficit;   // places below the smallest normal number
    reg [4:0] down;
    reg lost;                    // a one was shifted out
    reg [47:0] aligned;
    reg round_up;
    reg [30:0] rounded;

    always @* begin
        zeros = 0;
        for (i = 0; i < 48; i = i + 1) if (exact[i]) zeros = 6'd47 - i[5:0];
        normal = exact << zeros;
        exponent = exponent_sum - 11'sd126 - $signed({5'b0, zeros});

        deficit = 11'sd1 - exponent;
        down = deficit <= 0 ? 5'd0 : deficit > 11'sd26 ? 5'd26 : deficit[4:0];
        aligned = normal >> down;
        lost = (aligned << down) != normal;

        round_up = aligned[23] && (aligned[24] || aligned[22:0] != 0 || lost);
        // A carry out of the fraction makes the exponent one larger, up to infinity.
        rounded = {deficit > 0 ? 8'd0 : exponent[7:0], aligned[46:24]} + {30'b0, round_up};

        if (nan) product = 32'h7fc00000;
        else if (a_special || b_special || exponent >= 11'sd255) product = {sign, 8'hff, 23'b0};
        else if (a_zero || b_zero) product = {sign, 31'b0};
        else product = {sign, rounded};
    end

endmodule
