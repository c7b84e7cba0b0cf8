// SPDX-License-Identifier: Apache-2.0
//
// Cycles of a PE by cause, from the release to the last accumulation.

module rowan_cycle_counters (
    input wire clock,
    input wire restart,

    // The cycle is of the first cause that holds, or busy.
    input wire computing,
    input wire lacks_filters,
    input wire lacks_ifmap,
    input wire hazard,
    input wire lacks_psum,
    input wire lacks_room,

    input  wire        select,
    input  wire [ 3:0] register_index,
    output reg  [31:0] counter  // 0 unless selected
);

    reg [31:0] cycles_busy;
    reg [31:0] cycles_filter_load;
    reg [31:0] cycles_ifmap;
    reg [31:0] cycles_accumulator_hazard;
    reg [31:0] cycles_psum_in;
    reg [31:0] cycles_psum_out;

    always @(posedge clock) begin
        if (restart) begin
            cycles_busy <= 0;
            cycles_filter_load <= 0;
            cycles_ifmap <= 0;
            cycles_accumulator_hazard <= 0;
            cycles_psum_in <= 0;
            cycles_psum_out <= 0;
        end else if (computing) begin
            if (lacks_filters) cycles_filter_load <= cycles_filter_load + 1;
            else if (lacks_ifmap) cycles_ifmap <= cycles_ifmap + 1;
            else if (hazard) cycles_accumulator_hazard <= cycles_accumulator_hazard + 1;
            else if (lacks_psum) cycles_psum_in <= cycles_psum_in + 1;
            else if (lacks_room) cycles_psum_out <= cycles_psum_out + 1;
            else cycles_busy <= cycles_busy + 1;
        end
    end

    always @* begin
        counter = 0;
        if (select) begin
            case (register_index)
                4'd0: counter = cycles_busy;
                4'd1: counter = cycles_filter_load;
                4'd2: counter = cycles_ifmap;
                4'd3: counter = cycles_accumulator_hazard;
                4'd4: counter = cycles_psum_in;
                4'd5: counter = cycles_psum_out;
                default: ;
            endcase
        end
    end

endmodule
