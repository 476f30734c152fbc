/*
 * stopwatch [-r] PROGRAM [ARGUMENT]...: runs a program and prints what it took, as JSON.
 *
 * It is small, so that it starts others quickly, and the kernel tells it what the program and all that the program
 * waited for have used. What the program prints is thrown away; its standard error is ours. With -r, the time is that
 * until the program says on descriptor 3 that it is ready; then it is told to stop.
 *
 * Exit status: that of the program; 128 and the signal's number; 111 when it could not be run or ended before ready.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static long long of(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

static void die(const char *what) {
  perror(what);
  exit(111);
}

int main(int argc, char **argv) {
  int until_ready = argc > 1 && strcmp(argv[1], "-r") == 0;
  char **command = argv + 1 + until_ready;
  int ready[2];
  if (*command == NULL || pipe2(ready, O_CLOEXEC) != 0) die("stopwatch");

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  if (until_ready) {
    posix_spawn_file_actions_adddup2(&files, ready[1], 3);
    setenv("HERMES_NOTIFY_FD", "3", 1);
  }

  pid_t pid;
  char byte;
  long long end = 0;
  long long start = microseconds();
  if (posix_spawnp(&pid, *command, &files, NULL, command, environ) != 0) die(*command);
  close(ready[1]);
  if (until_ready) {
    if (read(ready[0], &byte, 1) != 1) die("it ended before it was ready");
    end = microseconds();
    kill(pid, SIGTERM);
  }

  int status;
  struct rusage usage;
  if (wait4(pid, &status, 0, &usage) != pid) die("wait4");
  if (!until_ready) end = microseconds();
  printf("{\"wall_us\":%lld,\"user_us\":%lld,\"system_us\":%lld,\"peak_kib\":%ld}\n", end - start, of(usage.ru_utime),
         of(usage.ru_stime), usage.ru_maxrss);
  if (until_ready) return 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
