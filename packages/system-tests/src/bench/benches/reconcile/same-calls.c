/*
 * same-calls HOME SCANDIR LIKE [UID:GID]: does the system calls of `hermes-s6 reconcile`, in its order, and next to
 * nothing between them. What the slots hold is given: LIKE has the slot of the default profile and that of one more, in
 * whose files the name of that profile is replaced by one of the same length. Profiles' names are all as long.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_FILES = 16, MAX_NAME = 64, BUFFER = 64 * 1024 + 1 };

struct file {
  char name[MAX_NAME];
  char *text;
  size_t size;
  mode_t mode;
};

struct template {
  const char *profile;
  struct file files[MAX_FILES];
  int count;
};

struct profile {
  char name[MAX_NAME];
  char home[512];
  int starts;
};

static uid_t uid;
static gid_t gid;
static int gives_away;
static char path[1024];

/* Aborts with the path that a call failed on. */
static void must(int result) {
  if (result < 0) err(111, "%s", path);
}

static const char *in(const char *directory, const char *name) {
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return path;
}

static void become(uid_t user, gid_t group) {
  if (!gives_away) return;
  if (user == 0) must(seteuid(0));
  must(setegid(group));
  if (geteuid() == 0) must(setgroups(1, &group));
  if (user != 0) must(seteuid(user));
}

/* As the contract reads: no link is followed, and nothing but a regular file is read. */
static size_t read_small(const char *name, char *buffer) {
  struct stat stat;
  size_t length = 0;
  ssize_t count;
  int fd = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return 0;
  must(fstat(fd, &stat));
  while (S_ISREG(stat.st_mode) && length < BUFFER - 1 && (count = read(fd, buffer + length, BUFFER - 1 - length)) > 0) {
    length += count;
    if (length == (size_t)stat.st_size) break;
  }
  close(fd);
  buffer[length] = 0;
  return length;
}

static int says(const char *text, const char *field, const char *value) {
  const char *found = strstr(text, field);
  size_t length = strlen(value);
  return found && strncmp(found + strlen(field) + 3, value, length) == 0 && found[strlen(field) + 3 + length] == '"';
}

static void read_profile(struct profile *profile) {
  static char buffer[BUFFER];
  struct stat stat;
  int ran = 0;
  if (read_small(in(profile->home, "gateway_state.json"), buffer))
    ran = says(buffer, "\"gateway_state\"", "running") || says(buffer, "\"gateway_state\"", "draining") ||
          says(buffer, "\"gateway_state\"", "degraded");
  if (lstat(in(profile->home, "desired_state.json"), &stat) == 0 && read_small(path, buffer))
    ran = says(buffer, "\"desired_state\"", "running");
  profile->starts = ran;
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct profile *)a)->name, ((const struct profile *)b)->name);
}

static struct profile *read_home(const char *home, size_t *count) {
  char directory[512];
  struct dirent *entry;
  struct stat stat;
  size_t room = 1024;
  struct profile *profiles = calloc(room, sizeof *profiles);
  strcpy(profiles[0].name, "default");
  snprintf(profiles[0].home, sizeof profiles[0].home, "%s", home);
  *count = 1;
  snprintf(directory, sizeof directory, "%s", in(home, "profiles"));
  must(lstat(directory, &stat));
  DIR *listing = opendir(directory);
  if (!listing) err(111, "%s", directory);
  while ((entry = readdir(listing))) {
    if (entry->d_name[0] == '.') continue;
    if (*count == room) profiles = realloc(profiles, (room *= 2) * sizeof *profiles);
    struct profile *profile = &profiles[(*count)++];
    snprintf(profile->name, MAX_NAME, "%s", entry->d_name);
    snprintf(profile->home, sizeof profile->home, "%.400s/%.100s", directory, entry->d_name);
    must(lstat(in(profile->home, "SOUL.md"), &stat));
    read_profile(profile);
  }
  closedir(listing);
  read_profile(&profiles[0]);
  qsort(profiles + 1, *count - 1, sizeof *profiles, by_name);
  return profiles;
}

static void read_template(struct template *template, const char *slot) {
  static const char *NAMES[] = {"type",   "notification-fd", "timeout-kill", "max-death-tally",
                                "finish", "log/type",        "log/run",      "run"};
  static char buffer[BUFFER];
  struct stat stat;
  template->profile = strrchr(slot, '/') + strlen("/gateway-");
  for (size_t n = 0; n < sizeof NAMES / sizeof *NAMES; n++) {
    struct file *file = &template->files[template->count++];
    strcpy(file->name, NAMES[n]);
    file->size = read_small(in(slot, NAMES[n]), buffer);
    file->text = memcpy(malloc(file->size + 1), buffer, file->size + 1);
    must(lstat(path, &stat));
    file->mode = stat.st_mode & 0777;
  }
}

static void fill_in(struct template *template, const char *name) {
  size_t length = strlen(template->profile);
  for (int n = 0; n < template->count; n++)
    for (char *at = template->files[n].text; (at = strstr(at, template->profile)); at += length) memcpy(at, name, length);
  template->profile = name;
}

static void write_file(const char *name, const struct file *file) {
  int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file->mode);
  must(fd);
  if (file->size > 0 && write(fd, file->text, file->size) != (ssize_t)file->size) err(111, "%s", name);
  close(fd);
}

static void lay_out(const char *slot) {
  static const struct {
    const char *name;
    mode_t mode;
  } SKELETON[] = {{"event", 03730},     {"supervise", 0755},     {"supervise/event", 03730},
                  {"log/event", 03730}, {"log/supervise", 0755}, {"log/supervise/event", 03730}};
  struct stat stat;
  must(mkdir(slot, 0755));
  must(lstat(slot, &stat));
  must(mkdir(in(slot, "log"), 0755));
  for (size_t n = 0; n < sizeof SKELETON / sizeof *SKELETON; n++) {
    must(mkdir(in(slot, SKELETON[n].name), SKELETON[n].mode & 0777));
    if (gives_away) must(chown(path, uid, gid));
    if (SKELETON[n].mode > 0777) must(chmod(path, SKELETON[n].mode));
  }
}

static void make_fifos(const char *slot) {
  static const char *NAMES[] = {"supervise/control", "log/supervise/control"};
  for (int n = 0; n < 2; n++) {
    must(mkfifo(in(slot, NAMES[n]), 0660));
    if (gives_away) must(lchown(path, uid, gid));
    must(chmod(path, 0660));
  }
}

static void write_boot_log(const char *home, const struct profile *profiles, size_t count) {
  char at[64];
  char *text = malloc(count * 160);
  size_t size = 0;
  time_t now = time(NULL);
  strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%S.000000+00:00", gmtime(&now));
  for (size_t n = 0; n < count; n++)
    size += sprintf(text + size, "%s profile=%.60s action=%s\n", at, profiles[n].name,
                    profiles[n].starts ? "started" : "registered");
  mkdir(in(home, "logs"), 0777);
  int fd = open(in(home, "logs/container-boot.log"), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0644);
  must(fd);
  if (write(fd, text, size) != (ssize_t)size || write(1, text, size) != (ssize_t)size) err(111, "%s", path);
  close(fd);
}

int main(int argc, char **argv) {
  if (argc < 4) errx(100, "HOME SCANDIR LIKE [UID:GID]");
  const char *home = argv[1], *scandir = argv[2], *like = argv[3];
  struct template templates[2] = {0};
  struct stat stat;
  char slots[2][512], workshop[512], slot[640], place[640];
  size_t count;
  gives_away = argc > 4 && sscanf(argv[4], "%u:%u", &uid, &gid) == 2;
  umask(022);
  snprintf(slots[0], sizeof slots[0], "%s/gateway-default", like);
  snprintf(slots[1], sizeof slots[1], "%s/gateway-p000001", like);
  for (int n = 0; n < 2; n++) read_template(&templates[n], slots[n]);
  must(mkdir(in(scandir, ".same-calls"), 0700));
  snprintf(workshop, sizeof workshop, "%s", path);

  become(uid, gid);
  struct profile *profiles = read_home(home, &count);
  become(0, 0);
  for (size_t n = 0; n < count; n++) {
    snprintf(slot, sizeof slot, "%s/gateway-%s", workshop, profiles[n].name);
    lay_out(slot);
  }
  for (size_t n = 0; n < count; n++) {
    static const struct file DOWN = {.name = "down", .mode = 0644};
    struct template *template = &templates[n > 0];
    snprintf(slot, sizeof slot, "%s/gateway-%s", workshop, profiles[n].name);
    if (n > 0) fill_in(template, profiles[n].name);
    for (int m = 0; m < template->count; m++) write_file(in(slot, template->files[m].name), &template->files[m]);
    if (!profiles[n].starts) write_file(in(slot, DOWN.name), &DOWN);
  }
  for (size_t n = 0; n < count; n++) {
    snprintf(slot, sizeof slot, "%s/gateway-%s", workshop, profiles[n].name);
    make_fifos(slot);
  }
  for (size_t n = 0; n < count; n++) {
    snprintf(slot, sizeof slot, "%s/gateway-%s", workshop, profiles[n].name);
    snprintf(place, sizeof place, "%s/gateway-%s", scandir, profiles[n].name);
    must(rename(slot, place));
  }
  become(uid, gid);
  for (size_t n = 0; n < count; n++) {
    if (lstat(in(profiles[n].home, "gateway.pid"), &stat) == 0) unlink(path);
    if (lstat(in(profiles[n].home, "processes.json"), &stat) == 0) unlink(path);
  }
  write_boot_log(home, profiles, count);
  become(0, 0);
  return 0;
}
