// SPDX-License-Identifier: Apache-2.0
#include "models/base/yaml_node.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <unordered_set>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace rowan {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;
constexpr std::size_t kMostValues = 100'000;
constexpr std::size_t kDeepest = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_digits(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

constexpr char kControlMessage[] = "control characters are not allowed";

/// Ends a document. Behind the text of a file it stops a quoted text that has no end, which the
/// parser would otherwise take for complete when the file ends in a line break.
constexpr char kEndOfDocument[] = "...\n";

/// Throws unless the text is UTF-8 without control characters: the parser takes some of those for
/// the end of the file.
void check_characters(const std::string& text, const std::string& file) {
  Location here{file, 1, 1};
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    const char c = text[i];
    if (length == 0) throw InputError(here, "", "is not UTF-8 text");
    if (is_control(text, i) && c != '\n' && c != '\r' && c != '\t') {
      throw InputError(here, "", kControlMessage);
    }
    ++here.column;
    if (c == '\n') {
      ++here.line;
      here.column = 1;
    }
    i += length;
  }
}

/// Whether a control character came in by an escape such as "\u202e"; those of `allowed` may.
bool has_control(const std::string& text, const std::string& allowed) {
  for (std::size_t i = 0; i < text.size(); i += std::max<std::size_t>(utf8_length(text, i), 1)) {
    if (utf8_length(text, i) == 0) return true;
    if (is_control(text, i) && allowed.find(text[i]) == std::string::npos) return true;
  }
  return false;
}

/// Whether the line begins with blanks and a tab; lines count from 0.
bool is_indented_by_tabs(const std::string& text, int line) {
  std::size_t begin = 0;
  for (; line > 0 && begin != std::string::npos; --line) {
    begin = text.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos) return false;
  const std::size_t first = text.find_first_not_of(" \t", begin);
  return text.substr(begin, first == std::string::npos ? first : first - begin).find('\t') !=
         std::string::npos;
}

std::string range_text(const std::string& min, const std::string& max) {
  return " is not in " + min + " to " + max;
}

const char* name_of(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNothing:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a single value";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMapping:
      return "a section of keys";
  }
  return "";
}

}  // namespace

struct YamlNode::Data {
  Kind kind = Kind::kNothing;
  std::shared_ptr<const std::string> file;
  int line = 0;
  int column = 0;
  std::string path;
  std::string text;               ///< of a scalar
  bool quoted = false;            ///< a scalar in quotes or of several lines: always text
  std::vector<std::string> keys;  ///< of a mapping
  std::vector<std::shared_ptr<const Data>> values;  ///< of a mapping or list
};

/// Builds the tree from the parser's events and refuses what configuration does not need.
class YamlTreeBuilder : public YAML::EventHandler {
 public:
  explicit YamlTreeBuilder(const std::string& file)
      : file_(std::make_shared<const std::string>(file)) {}

  /// The document's tree; empty when there was nothing in it.
  [[nodiscard]] std::shared_ptr<const YamlNode::Data> root() const { return root_; }

  /// Throws the InputError for what the parser found wrong in the text.
  [[noreturn]] void explain(const YAML::Exception& error, const std::string& text) const {
    const bool known = !error.mark.is_null();
    if (known && is_indented_by_tabs(text, error.mark.line)) {
      fail(error.mark, "is not valid YAML: a tab in the indentation; only blanks indent");
    }
    const bool at_end = known && static_cast<std::size_t>(error.mark.pos) >= text.size();
    if (error.msg == YAML::ErrorMsg::EOF_IN_SCALAR ||
        (error.msg == YAML::ErrorMsg::DOC_IN_SCALAR && at_end)) {
      fail(last_mark_, "is not valid YAML: a quoted text after this has no end");
    }
    if (error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW ||
        error.msg == YAML::ErrorMsg::END_OF_MAP_FLOW) {
      const bool list = error.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW;
      const YAML::Mark& mark = open_.empty() ? error.mark : open_.back().mark;
      fail(mark, std::string("is not valid YAML: this '") + (list ? "[" : "{") + "' has no '" +
                     (list ? "]" : "}") + "'");
    }
    throw InputError(known ? location(error.mark) : Location{*file_, 0, 0}, "",
                     "is not valid YAML: " + printable(error.msg));
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    if (wants_key()) fail(mark, "a key must be text");
    add(start(mark, YamlNode::Kind::kNothing));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fail(mark, "aliases are not supported");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (wants_key()) {
      take_key(mark, value);
      return;
    }
    auto data = start(mark, YamlNode::Kind::kScalar);
    if (has_control(value, "\n\t")) throw InputError(location(mark), data->path, kControlMessage);
    data->text = value;
    data->quoted = tag == "!";
    add(data);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::kList);
  }
  void OnSequenceEnd() override { open_.pop_back(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::kMapping);
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  struct Open {
    std::shared_ptr<YamlNode::Data> data;
    std::unordered_set<std::string> keys;
    YAML::Mark mark;
    bool has_key = false;  ///< a key was read, its value was not
    YAML::Mark key_mark;
  };

  [[nodiscard]] bool wants_key() const {
    return !open_.empty() && open_.back().data->kind == YamlNode::Kind::kMapping &&
           !open_.back().has_key;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YamlNode::Kind kind) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (wants_key()) fail(mark, "a key must be text");
    if (open_.size() == kDeepest) {
      fail(mark, "nested more than " + std::to_string(kDeepest) + " deep");
    }
    auto data = start(mark, kind);
    add(data);
    open_.push_back({std::move(data), {}, mark, false, {}});
  }

  void take_key(const YAML::Mark& mark, const std::string& key) {
    Open& mapping = open_.back();
    if (has_control(key, "")) throw InputError(location(mark), path_of_key(key), kControlMessage);
    last_mark_ = mark;
    if (!mapping.keys.insert(key).second) {
      throw InputError(location(mark), path_of_key(key), "duplicate key");
    }
    mapping.data->keys.push_back(key);
    mapping.has_key = true;
    mapping.key_mark = mark;
  }

  [[nodiscard]] std::string path_of_key(const std::string& key) const {
    const std::string& outer = open_.back().data->path;
    return outer.empty() ? printable(key) : outer + "." + printable(key);
  }

  /// A value at its place; its location is that of its key if it has one.
  std::shared_ptr<YamlNode::Data> start(const YAML::Mark& mark, YamlNode::Kind kind) {
    if (++count_ > kMostValues) {
      fail(mark, "more than " + std::to_string(kMostValues) + " values");
    }
    auto data = std::make_shared<YamlNode::Data>();
    data->kind = kind;
    data->file = file_;
    last_mark_ = mark;
    YAML::Mark place = mark;
    if (!open_.empty()) {
      const Open& outer = open_.back();
      if (outer.data->kind == YamlNode::Kind::kMapping) {
        place = outer.key_mark;
        data->path = path_of_key(outer.data->keys.back());
      } else {
        data->path = outer.data->path + "[" + std::to_string(outer.data->values.size()) + "]";
      }
    }
    data->line = place.line + 1;
    data->column = place.column + 1;
    return data;
  }

  void add(std::shared_ptr<const YamlNode::Data> data) {
    if (open_.empty()) {
      root_ = std::move(data);
    } else {
      open_.back().data->values.push_back(std::move(data));
      open_.back().has_key = false;
    }
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != YAML::NullAnchor) fail(mark, "anchors are not supported");
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (!tag.empty() && tag != "?" && tag != "!") fail(mark, "tags are not supported");
  }

  [[nodiscard]] Location location(const YAML::Mark& mark) const {
    return {*file_, mark.line + 1, mark.column + 1};
  }

  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) const {
    throw InputError(location(mark), "", message);
  }

  std::shared_ptr<const std::string> file_;
  std::shared_ptr<const YamlNode::Data> root_;
  std::vector<Open> open_;
  std::size_t count_ = 0;
  YAML::Mark last_mark_;  ///< of the last key or value
};

YamlNode YamlNode::load(const std::string& path) {
  const Location whole{path, 0, 0};
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (error) throw InputError(whole, "", "cannot be opened: " + error.message());
  if (std::filesystem::is_directory(status)) {
    throw InputError(whole, "", "is a directory, not a file");
  }
  // A pipe or a device may never end.
  if (!std::filesystem::is_regular_file(status)) throw InputError(whole, "", "is not a file");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw InputError(whole, "", "cannot be opened: " + std::generic_category().message(errno));
  }
  std::string text(kLargestFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) throw InputError(whole, "", "cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse(text, path);
}

YamlNode YamlNode::parse(const std::string& text, const std::string& file) {
  const Location whole{file, 0, 0};
  if (text.size() > kLargestFile) {
    throw InputError(whole, "", "is larger than " + std::to_string(kLargestFile) + " bytes");
  }
  check_characters(text, file);
  const bool ends_in_line_break = !text.empty() && text.back() == '\n';
  YamlTreeBuilder builder(file);
  try {
    std::istringstream in(text + (ends_in_line_break ? "" : "\n") + kEndOfDocument);
    YAML::Parser parser(in);
    parser.HandleNextDocument(builder);
    const auto root = builder.root();
    if (!root || root->kind == Kind::kNothing) throw InputError(whole, "", "is empty");
    YamlTreeBuilder second(file);
    if (parser.HandleNextDocument(second)) {
      throw InputError(whole, "", "has more than one YAML document");
    }
    return YamlNode(root);
  } catch (const YAML::Exception& error) {
    builder.explain(error, text);
  }
}

YamlNode::Kind YamlNode::kind() const { return data_->kind; }

Location YamlNode::location() const { return {*data_->file, data_->line, data_->column}; }

const std::string& YamlNode::path() const { return data_->path; }

std::vector<std::pair<std::string, YamlNode>> YamlNode::entries() const {
  if (data_->kind != Kind::kMapping) fail_type("a section of keys");
  std::vector<std::pair<std::string, YamlNode>> entries;
  entries.reserve(data_->keys.size());
  for (std::size_t i = 0; i < data_->keys.size(); ++i) {
    entries.emplace_back(data_->keys[i], YamlNode(data_->values[i]));
  }
  return entries;
}

std::vector<YamlNode> YamlNode::items() const {
  if (data_->kind != Kind::kList) fail_type("a list");
  std::vector<YamlNode> items;
  items.reserve(data_->values.size());
  for (const auto& value : data_->values) items.push_back(YamlNode(value));
  return items;
}

const std::string& YamlNode::text() const {
  if (data_->kind != Kind::kScalar) fail_type("text");
  return data_->text;
}

const std::string& YamlNode::plain_text(const std::string& wanted) const {
  if (data_->kind != Kind::kScalar) fail_type(wanted);
  if (data_->quoted) fail("must be " + wanted + ", without quotes");
  return data_->text;
}

std::uint64_t YamlNode::number(Range range) const {
  static const std::string kWanted = "a whole number";
  const std::string& text = plain_text(kWanted);
  const bool negative = text[0] == '-';
  const std::string digits = negative ? text.substr(1) : text;
  if (!all_digits(digits)) fail("must be " + kWanted + ", is '" + printable(text) + "'");
  if (digits.size() > 1 && digits[0] == '0') {
    fail("must be " + kWanted + " without leading zeros, is '" + printable(text) + "'");
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool representable = error == std::errc() && (!negative || value == 0);
  if (!representable || value < range.min || value > range.max) {
    fail(printable(text) + range_text(std::to_string(range.min), std::to_string(range.max)));
  }
  return value;
}

double YamlNode::decimal(DecimalRange range) const {
  static const std::string kWanted = "a decimal number";
  const std::string& text = plain_text(kWanted);
  const bool numeric = text.find_first_not_of("+-.0123456789eE") == std::string::npos;
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  const char* const begin = text.data() + (plus ? 1 : 0);
  double value = 0.0;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (!numeric || error == std::errc::invalid_argument || end != text.data() + text.size()) {
    fail("must be " + kWanted + ", is '" + printable(text) + "'");
  }
  if (error != std::errc() || value < range.min || value > range.max) {
    fail(printable(text) + range_text(decimal_text(range.min), decimal_text(range.max)));
  }
  return value;
}

Kilohertz YamlNode::frequency_mhz(Range range) const {
  static const std::string kWanted = "a frequency in MHz with at most three decimals";
  const std::string& text = plain_text(kWanted);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string whole = text.substr(0, point);
  std::string decimals = text.substr(std::min(point + 1, text.size()));
  const bool decimals_valid =
      point == text.size() || (all_digits(decimals) && decimals.size() <= 3);
  if (!all_digits(whole) || !decimals_valid) {
    fail("must be " + kWanted + ", is '" + printable(text) + "'");
  }
  decimals.resize(3, '0');
  const std::string khz_text = whole + decimals;
  std::uint64_t khz = 0;
  const auto result = std::from_chars(khz_text.data(), khz_text.data() + khz_text.size(), khz);
  if (result.ec != std::errc() || khz < range.min * 1000 || khz > range.max * 1000) {
    fail(printable(text) + range_text(std::to_string(range.min), std::to_string(range.max)));
  }
  return Kilohertz(khz);
}

bool YamlNode::flag() const {
  static const std::string kWanted = "true or false";
  const std::string& text = plain_text(kWanted);
  if (text != "true" && text != "false") {
    fail("must be " + kWanted + ", is '" + printable(text) + "'");
  }
  return text == "true";
}

std::size_t YamlNode::choice(const std::vector<std::string>& names) const {
  const std::string& value = text();
  const auto found = std::find(names.begin(), names.end(), value);
  if (found == names.end()) {
    std::string list;
    for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
    fail("'" + printable(value) + "' is not one of " + list);
  }
  return static_cast<std::size_t>(found - names.begin());
}

YamlNode YamlNode::nearest(const std::string& path) const {
  // Keys may have dots in them: the longest match is the right one.
  std::shared_ptr<const Data> best;
  for (const auto& value : data_->values) {
    const std::string& inner = value->path;
    const bool within =
        path.compare(0, inner.size(), inner) == 0 &&
        (path.size() == inner.size() || path[inner.size()] == '.' || path[inner.size()] == '[');
    if (within && (!best || inner.size() > best->path.size())) best = value;
  }
  return best ? YamlNode(best).nearest(path) : *this;
}

void YamlNode::fail(const std::string& message) const {
  throw InputError(location(), path(), message);
}

void YamlNode::fail_type(const std::string& wanted) const {
  fail("must be " + wanted + ", is " + name_of(data_->kind));
}

}  // namespace rowan
