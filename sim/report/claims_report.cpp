// SPDX-License-Identifier: Apache-2.0
#include "sim/report/claims_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "sim/report/text_table.h"

namespace rowan::sim {
namespace {

using Cells = std::vector<std::string>;

constexpr const char* kHeads[] = {"id", "published", "ours", "unit", "off", "tolerance", "verdict"};
constexpr char kHolds[] = "holds";
constexpr char kMiss[] = "MISS";

/// With so many digits that a percent of it shows: 0.00291, 16.72, 156.
std::string number(double value) {
  char text[32];
  const double size = std::abs(value);
  const int decimals = size == 0 || size >= 1000
                           ? 0
                           : std::max(0, 3 - static_cast<int>(std::floor(std::log10(size))));
  std::snprintf(text, sizeof text, "%.*f", std::min(decimals, 6), value);
  std::string short_text = text;
  if (short_text.find('.') != std::string::npos) {
    short_text.erase(short_text.find_last_not_of('0') + 1);
    if (short_text.back() == '.') short_text.pop_back();
  }
  return short_text;
}

/// With another digit where one would not tell on which side of the tolerance it is.
std::string off_text(double percent, double tolerance) {
  char text[32];
  const bool close = std::abs(std::abs(percent) - tolerance) < 0.1;
  std::snprintf(text, sizeof text, close ? "%+.3f %%" : "%+.1f %%", percent);
  return text;
}

Cells cells_of(const ClaimOutcome& outcome) {
  const Claim& claim = outcome.claim;
  return {claim.id,
          number(claim.published),
          number(outcome.ours),
          claim.unit,
          off_text(outcome.difference_percent(), claim.tolerance_percent),
          number(claim.tolerance_percent) + " %",
          outcome.holds() ? kHolds : kMiss};
}

std::string summary(const std::vector<ClaimOutcome>& outcomes) {
  std::size_t held = 0;
  std::size_t unseen = 0;
  std::size_t unseen_held = 0;
  for (const ClaimOutcome& outcome : outcomes) {
    held += outcome.holds() ? 1 : 0;
    unseen += outcome.claim.seen ? 0 : 1;
    unseen_held += outcome.holds() && !outcome.claim.seen ? 1 : 0;
  }
  return std::to_string(held) + " of " + std::to_string(outcomes.size()) + " claims hold, " +
         std::to_string(unseen_held) + " of the " + std::to_string(unseen) + " not seen before";
}

std::string markdown_row(const Cells& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + cell + " |";
  return row + "\n";
}

/// How a row of the page's table begins.
std::string row_start(const std::string& id) { return "| `" + id + "` |"; }

}  // namespace

std::string claims_table(const ClaimsFile&, const std::vector<ClaimOutcome>& outcomes) {
  TextTable table;
  for (const char* head : kHeads) {
    const bool words =
        head == std::string("id") || head == std::string("unit") || head == std::string("verdict");
    table.add_column({head}, words ? TextTable::Align::kLeft : TextTable::Align::kRight);
  }
  for (const ClaimOutcome& outcome : outcomes) table.add_row(cells_of(outcome));
  return table.text() + "\n" + summary(outcomes) + "\n";
}

std::string claims_json(const ClaimsFile& file, const std::vector<ClaimOutcome>& outcomes) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["schema"] = "rowan.validation/1";
  Json& claims = json["claims"] = Json::array();
  for (const ClaimOutcome& outcome : outcomes) {
    const Claim& claim = outcome.claim;
    claims.push_back({{"name", claim.id},
                      {"seen", claim.seen},
                      {"claim", claim.claim},
                      {"source", claim.source},
                      {"published", claim.published},
                      {"ours", outcome.ours},
                      {"unit", claim.unit},
                      {"difference_percent", outcome.difference_percent()},
                      {"tolerance_percent", claim.tolerance_percent},
                      {"reason", claim.reason},
                      {"holds", outcome.holds()},
                      {"command", file.commands.at(claim.command).run}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string claims_page(const ClaimsFile& file, const std::vector<ClaimOutcome>& outcomes) {
  std::string page =
      "<!-- Written by `rowan validate --format markdown`; `.ci/check_generated_docs --fix` renews "
      "it. -->\n\n"
      "# Validation\n\n"
      "What others published, beside what Rowan says: `build/release/rowan validate` runs the "
      "commands below and prints this table. A claim holds when ours is off by no more than the "
      "tolerance, in percent of the published value; one that does not stays here as a miss. "
      "*Seen* "
      "are those of which our value was known when the tolerance was set.\n\n" +
      (file.preface.empty() ? "" : file.preface + "\n\n") + summary(outcomes) + ".\n\n";
  Cells heads{"id", "claim", "source"};
  heads.insert(heads.end(), std::begin(kHeads) + 1, std::end(kHeads));
  heads.emplace_back("seen");
  page += markdown_row(heads) + markdown_row(Cells(heads.size(), "---"));
  for (const ClaimOutcome& outcome : outcomes) {
    Cells cells = cells_of(outcome);
    cells[0] = "`" + cells[0] + "`";
    cells.insert(cells.begin() + 1, {outcome.claim.claim, outcome.claim.source});
    cells.emplace_back(outcome.claim.seen ? "seen" : "");
    page += markdown_row(cells);
  }
  page += "\n## Misses\n\n";
  for (const ClaimOutcome& outcome : outcomes) {
    if (outcome.holds()) continue;
    const Claim& claim = outcome.claim;
    page += "- `" + claim.id + "`: " + (claim.miss.empty() ? "not understood" : claim.miss) + "\n";
  }
  page += "\n## Why these tolerances\n\n" + markdown_row({"id", "tolerance", "reason"}) +
          markdown_row({"---", "---", "---"});
  for (const ClaimOutcome& outcome : outcomes) {
    const Claim& claim = outcome.claim;
    page +=
        markdown_row({"`" + claim.id + "`", number(claim.tolerance_percent) + " %", claim.reason});
  }
  page += "\n## Commands\n\n";
  for (const auto& [name, command] : file.commands) {
    page += "- `" + name + "`: `" + command.run + "`\n";
  }
  return page;
}

std::vector<std::string> lost_claims(const std::string& page,
                                     const std::vector<ClaimOutcome>& outcomes) {
  std::vector<std::string> lost;
  for (const ClaimOutcome& outcome : outcomes) {
    if (outcome.holds()) continue;
    const std::size_t start = page.find(row_start(outcome.claim.id));
    if (start == std::string::npos) continue;
    const std::string row = page.substr(start, page.find('\n', start) - start);
    if (row.find(std::string("| ") + kHolds + " |") != std::string::npos) {
      lost.push_back(outcome.claim.id);
    }
  }
  return lost;
}

}  // namespace rowan::sim
