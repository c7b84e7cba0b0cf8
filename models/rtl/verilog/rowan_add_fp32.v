// SPDX-License-Identifier: Apache-2.0
//
// Adder of fp32: IEEE 754 binary32, to nearest even, subnormals kept, every NaN 0x7fc00000.

module rowan_add_fp32 (
    input  wire [31:0] psum,
    input  wire [31:0] addend,
    output reg  [31:0] sum
);

    // By magnitude.
    wire swap = addend[30:0] > psum[30:0];
    wire [31:0] greater = swap ? addend : psum;
    wire [31:0] lesser = swap ? psum : addend;

    wire special = &greater[30:23];  // infinity or NaN; a NaN is larger than an infinity
    wire subtract = greater[31] ^ lesser[31];
    wire nan = special && (greater[22:0] != 0 || (subtract && lesser[30:0] == greater[30:0]));

    // A subnormal has the exponent of the smallest normal number and no leading one.
    wire greater_normal = |greater[30:23];
    wire lesser_normal = |lesser[30:23];
    wire [7:0] exponent = greater_normal ? greater[30:23] : 8'd1;
    wire [7:0] distance = exponent - (lesser_normal ? lesser[30:23] : 8'd1);

    // Three more places: guard, round, sticky.
    wire [26:0] greater_mantissa = {greater_normal, greater[22:0], 3'b0};
    wire [26:0] lesser_mantissa = {lesser_normal, lesser[22:0], 3'b0};

    integer i;
    reg [4:0] down;
    reg [26:0] shifted;
    reg [26:0] aligned;
    reg [27:0] total;
    reg [4:0] zeros;  // above the leading one of the total's lower 27 bits
    reg [4:0] up;
    reg [7:0] place;  // biased exponent of bit 26
    reg [26:0] normal;
    reg [30:0] rounded;

    always @* begin
        down = distance > 8'd26 ? 5'd27 : distance[4:0];
        shifted = lesser_mantissa >> down;
        aligned = {shifted[26:1], shifted[0] || (shifted << down) != lesser_mantissa};
        total = subtract ? {1'b0, greater_mantissa} - {1'b0, aligned}
                         : {1'b0, greater_mantissa} + {1'b0, aligned};

        zeros = 5'd26;
        for (i = 0; i < 27; i = i + 1) if (total[i]) zeros = 5'd26 - i[4:0];
        // Not below the smallest exponent: what is left there is subnormal.
        up = {3'b0, zeros} < exponent ? zeros : exponent[4:0] - 5'd1;
        if (total[27]) begin
            normal = {total[27:2], total[1] || total[0]};
            place = exponent + 8'd1;
        end else begin
            normal = total[26:0] << up;
            place = normal[26] ? exponent - {3'b0, up} : 8'd0;
        end
        // A carry out of the fraction makes the exponent one larger, up to infinity.
        rounded = {place, normal[25:3]}
                + {30'b0, normal[2] && (normal[3] || normal[1] || normal[0])};

        if (nan) sum = 32'h7fc00000;
        else if (special) sum = greater;
        else if (total == 0) sum = {greater[31] && lesser[31], 31'b0};
        else if (&place) sum = {greater[31], 8'hff, 23'b0};
        else sum = {greater[31], rounded};
    end

endmodule
