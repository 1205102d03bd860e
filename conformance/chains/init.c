/* The only process of a PC without disks: fills a table of 512 buckets, then moves its entries under look-ups. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THOUSANDS = 24, SECONDS = 20, FIRST_PORT = 10000, PORTS = 1024 };

static void set(const char *name, const char *value) {
  char path[128];
  snprintf(path, sizeof path, "/proc/sys/net/%s", name);
  int file = open(path, O_WRONLY);
  if (file < 0 || write(file, value, strlen(value)) < 0) {
    perror(path);
  }
  close(file);
}

static void load(const char *module, const char *options) {
  char path[128];
  snprintf(path, sizeof path, "/modules/%s.ko", module);
  int file = open(path, O_RDONLY);
  if (file < 0 || syscall(SYS_finit_module, file, options, 0) < 0) {
    perror(path);
  }
  close(file);
}

/* Sums the columns of all processors: 0 entries, 7 chaintoolong, 9 insert_failed, 10 drop, 16 search_restart. */
static void report(const char *what, int number) {
  FILE *file = fopen("/proc/net/stat/nf_conntrack", "r");
  char line[1024];
  unsigned long sums[32] = {0}, entries = 0;
  while (file && fgets(line, sizeof line, file)) {
    char *at = line, *end;
    int column = 0;
    for (unsigned long value; column < 32 && (value = strtoul(at, &end, 16), end != at); at = end) {
      entries = column == 0 ? value : entries;
      sums[column++] += value;
    }
  }
  if (file) {
    fclose(file);
  }
  printf("result %s %d entries %lu chaintoolong %lu insert_failed %lu drop %lu search_restart %lu\n", what, number, entries,
         sums[7], sums[9], sums[10], sums[16]);
  fflush(stdout);
}

static void datagrams(int from, int to) {
  static int sender = -1;
  if (sender < 0) {
    sender = socket(AF_INET, SOCK_DGRAM, 0);
  }
  struct sockaddr_in to_whom = {.sin_family = AF_INET};
  for (int i = from; i < to; i++) {
    to_whom.sin_addr.s_addr = htonl(0x7f010001 + i / PORTS);
    to_whom.sin_port = htons(FIRST_PORT + i % PORTS);
    sendto(sender, "", 1, MSG_DONTWAIT, (struct sockaddr *)&to_whom, sizeof to_whom);
  }
}

static pid_t stream(void) {
  pid_t child = fork();
  while (child == 0) {
    datagrams(0, THOUSANDS * 500);
  }
  return child;
}

static void end(pid_t child) {
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

int main(void) {
  mount("proc", "/proc", "proc", 0, NULL);
  load("libcrc32c", "");
  load("nf_defrag_ipv4", "");
  load("nf_defrag_ipv6", "");
  load("nf_conntrack", "enable_hooks=1");
  struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING};
  ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCSIFFLAGS, &lo);
  set("netfilter/nf_conntrack_buckets", "512");
  set("netfilter/nf_conntrack_max", "1000000");
  set("netfilter/nf_conntrack_udp_timeout", "6000");
  for (int thousand = 1; thousand <= THOUSANDS; thousand++) {
    datagrams((thousand - 1) * 1000, thousand * 1000);
    report("sent", thousand * 1000);
  }
  pid_t one = stream();
  int resized = 0;
  for (time_t until = time(NULL) + SECONDS; time(NULL) < until; resized++) {
    set("netfilter/nf_conntrack_buckets", resized % 2 ? "512" : "4096");
  }
  end(one);
  report("resized", resized);
  set("netfilter/nf_conntrack_udp_timeout", "1");
  one = stream();
  pid_t two = stream();
  sleep(SECONDS);
  end(one);
  end(two);
  report("streams", 2);
  reboot(RB_POWER_OFF);
}
