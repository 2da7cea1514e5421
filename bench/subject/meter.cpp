// SPDX-License-Identifier: Apache-2.0
// How time, CPU and memory are taken. Clocks are read last on resume() and first on pause(), so the
// meter's own work stays outside.
#include <sys/resource.h>

#include <charconv>
#include <fstream>
#include <string>

#include "subject/subject.h"

namespace bench {
namespace {

long status_kb(std::string_view field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(field)) continue;
    const auto digits = line.find_first_of("0123456789");
    long kb = 0;
    if (digits != std::string::npos) {
      std::from_chars(line.data() + digits, line.data() + line.size(), kb);
    }
    return kb;
  }
  return 0;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

Meter::Cpu Meter::cpu_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {seconds_of(usage.ru_utime), seconds_of(usage.ru_stime)};
}

void Meter::resume() {
  if (rss_from_kb_ < 0) {
    // "5" resets VmHWM (proc(5)); otherwise a peak during set-up would hide growth.
    std::ofstream("/proc/self/clear_refs") << "5";
    rss_from_kb_ = status_kb("VmRSS:");
  }
  running_ = true;
  cpu_from_ = cpu_now();
  wall_from_ = std::chrono::steady_clock::now();
}

void Meter::pause() {
  const auto wall = std::chrono::steady_clock::now();
  const Cpu cpu = cpu_now();
  total_.seconds += std::chrono::duration<double>(wall - wall_from_).count();
  total_.cpu_user_s += cpu.user - cpu_from_.user;
  total_.cpu_sys_s += cpu.sys - cpu_from_.sys;
  running_ = false;
}

Sample Meter::finish(double ops, std::uint64_t check) {
  if (running_) pause();
  total_.ops = ops;
  total_.check = check;
  total_.rss_growth_kb = status_kb("VmHWM:") - rss_from_kb_;
  return total_;
}

}  // namespace bench
