// SPDX-License-Identifier: Apache-2.0
// The frame of a measured program: arguments in, one JSON line out.
// Next: meter.cpp for how the figures are taken.
#include "subject/subject.h"

#include <sched.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <vector>

#include "subject/arguments.h"

namespace bench {
namespace {

Settings parse(int argc, char** argv) {
  const Arguments arguments(
      argc, argv,
      {"--connection", "--engine", "--case", "--variant", "--ops", "--rows", "--size", "--cpu"});
  return {arguments.text("--connection"), arguments.text("--engine", "postgres"),
          arguments.text("--case"),       arguments.text("--variant"),
          arguments.number("--ops", 1),   arguments.number("--rows", 0),
          arguments.number("--size", 0),  static_cast<int>(arguments.number("--cpu", -1))};
}

const Case& find_case(const Settings& settings, const std::vector<Case>& cases) {
  for (const Case& row : cases) {
    if (row.name == settings.case_name && row.variant == settings.variant) return row;
  }
  throw std::invalid_argument("no case " + settings.case_name + "/" + settings.variant +
                              "; --list shows them");
}

void pin(int cpu) {
  if (cpu < 0) return;
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<unsigned>(cpu), &cores);
  if (sched_setaffinity(0, sizeof cores, &cores) != 0) {
    throw std::runtime_error("cannot run on core " + std::to_string(cpu));
  }
}

void print(const Case& row, const Sample& sample) {
  std::printf(
      "{\"case\": \"%s\", \"variant\": \"%s\", \"ops\": %.6f, \"seconds\": %.9f, "
      "\"cpu_user_s\": %.6f, \"cpu_sys_s\": %.6f, \"rss_growth_kb\": %ld, \"check\": "
      "\"%016llx\"}\n",
      std::string(row.name).c_str(), std::string(row.variant).c_str(), sample.ops, sample.seconds,
      sample.cpu_user_s, sample.cpu_sys_s, sample.rss_growth_kb,
      static_cast<unsigned long long>(sample.check));
}

}  // namespace

int run_subject(int argc, char** argv, std::initializer_list<std::span<const Case>> groups) {
  std::vector<Case> cases;
  for (const auto group : groups) cases.insert(cases.end(), group.begin(), group.end());
  if (argc == 2 && std::string_view(argv[1]) == "--list") {
    for (const Case& row : cases) {
      std::printf("%s %s\n", std::string(row.name).c_str(), std::string(row.variant).c_str());
    }
    return 0;
  }
  try {
    const Settings settings = parse(argc, argv);
    const Case& row = find_case(settings, cases);
    pin(settings.cpu);
    print(row, row.run(settings));
    return 0;
  } catch (const std::invalid_argument& wrong) {
    std::fprintf(stderr, "%s\n", wrong.what());
    return 2;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}

}  // namespace bench
