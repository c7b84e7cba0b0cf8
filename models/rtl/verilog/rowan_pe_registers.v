// SPDX-License-Identifier: Apache-2.0
//
// What a PE is told about the pass: its registers of docs/rtl.md, section 3.

module rowan_pe_registers #(
    parameter IFMAP_ADDRESS_BITS = 4,
    parameter PSUM_ADDRESS_BITS = 5,
    parameter FILTER_ROW_ID_BITS = 4,
    parameter FILTER_COLUMN_ID_BITS = 4,
    parameter IFMAP_ROW_ID_BITS = 4,
    parameter IFMAP_COLUMN_ID_BITS = 5,
    parameter PSUM_ROW_ID_BITS = 4,
    parameter PSUM_COLUMN_ID_BITS = 4
) (
    input wire        clock,
    input wire        reset,
    input wire        configure,
    input wire [ 3:0] register_index,
    input wire [31:0] register_data,

    output reg                             active,
    output reg [                      1:0] source,         // of psums: none, the psum GIN, the PE below
    output reg                             sink,           // of psums: the PE above, the GON
    output reg [      PSUM_ADDRESS_BITS:0] psums,          // of a window
    output reg [                     15:0] images,
    output reg [                     15:0] windows,        // of an image
    output reg [                     23:0] image_words,
    output reg [     IFMAP_ADDRESS_BITS:0] run_words,
    output reg [     IFMAP_ADDRESS_BITS:0] runs,           // of a window
    output reg [     IFMAP_ADDRESS_BITS:0] run_stride,
    output reg [     IFMAP_ADDRESS_BITS:0] window_stride,
    output reg [    IFMAP_ROW_ID_BITS-1:0] ifmap_row,
    output reg [ IFMAP_COLUMN_ID_BITS-1:0] ifmap_column,
    output reg [   FILTER_ROW_ID_BITS-1:0] filter_row,
    output reg [FILTER_COLUMN_ID_BITS-1:0] filter_column,
    output reg [     PSUM_ROW_ID_BITS-1:0] psum_row,
    output reg [  PSUM_COLUMN_ID_BITS-1:0] psum_column
);

    always @(posedge clock) begin
        if (reset) active <= 1'b0;
        else if (configure) begin
            case (register_index)
                4'd0: {sink, source, active} <= register_data[3:0];
                4'd1: psums <= register_data[PSUM_ADDRESS_BITS:0];
                4'd2: images <= register_data[15:0];
                4'd3: windows <= register_data[15:0];
                4'd4: image_words <= register_data[23:0];
                4'd5: run_words <= register_data[IFMAP_ADDRESS_BITS:0];
                4'd6: runs <= register_data[IFMAP_ADDRESS_BITS:0];
                4'd7: run_stride <= register_data[IFMAP_ADDRESS_BITS:0];
                4'd8: window_stride <= register_data[IFMAP_ADDRESS_BITS:0];
                4'd9: ifmap_row <= register_data[IFMAP_ROW_ID_BITS-1:0];
                4'd10: ifmap_column <= register_data[IFMAP_COLUMN_ID_BITS-1:0];
                4'd11: filter_row <= register_data[FILTER_ROW_ID_BITS-1:0];
                4'd12: filter_column <= register_data[FILTER_COLUMN_ID_BITS-1:0];
                4'd13: psum_row <= register_data[PSUM_ROW_ID_BITS-1:0];
                4'd14: psum_column <= register_data[PSUM_COLUMN_ID_BITS-1:0];
                default: ;
            endcase
        end
    end
    wire unused = &{1'b0, register_data};

endmodule
