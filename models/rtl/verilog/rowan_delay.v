// SPDX-License-Identifier: Apache-2.0
//
// A chain of STAGES registers, which may be none.

module rowan_delay #(
    parameter WIDTH = 1,
    parameter STAGES = 1
) (
    input  wire             clock,
    input  wire             restart,  // clears it
    input  wire [WIDTH-1:0] in,
    output wire [WIDTH-1:0] out
);

    generate
        if (STAGES == 0) begin : none
            wire unused = &{1'b0, clock, restart};
            assign out = in;
        end else if (STAGES == 1) begin : one
            reg [WIDTH-1:0] word;
            always @(posedge clock) word <= restart ? {WIDTH{1'b0}} : in;
            assign out = word;
        end else begin : several
            reg [STAGES*WIDTH-1:0] words;
            always @(posedge clock) begin
                words <= restart ? {STAGES * WIDTH{1'b0}} : {words[(STAGES-1)*WIDTH-1:0], in};
            end
            assign out = words[(STAGES-1)*WIDTH+:WIDTH];
        end
    endgenerate

endmodule
