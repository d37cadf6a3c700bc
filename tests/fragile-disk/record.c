/*
 * Loaded into a process with LD_PRELOAD: tells what the process does to the files in the folder FRAGILE_DISK,
 * in the order in which it does it, so that a test can work out what a power failure would have left of them. The
 * tale is written to FRAGILE_DISK_LOG. While the file FRAGILE_DISK_REFUSAL is there, nothing can be written; it
 * holds the number of the error.
 *
 * A record: kind, length of the name, offset, length of the data (four numbers of 8 bytes), name, data.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST_FILES = 4096 };
enum kind { MADE = 1, WRITTEN, CUT, SYNCED, REMOVED, RENAMED };

static char *names[MOST_FILES];
static int tale = -1;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

#define REAL(result, name, ...)                                        \
  static result (*real)(__VA_ARGS__);                                  \
  if (!real) real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int is_ours(const char *path) {
  const char *folder = getenv("FRAGILE_DISK");
  size_t length = folder ? strlen(folder) : 0;
  return length > 0 && path && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static const char *name_of(int fd) { return fd >= 0 && fd < MOST_FILES ? names[fd] : NULL; }

static void tell(enum kind kind, const char *name, uint64_t offset, const void *data, uint64_t length) {
  uint64_t head[4] = {kind, strlen(name), offset, length};
  struct iovec parts[3] = {{head, sizeof head}, {(void *)name, head[1]}, {(void *)data, length}};
  int before = errno;
  pthread_mutex_lock(&one_at_a_time);
  if (tale < 0) {
    REAL(int, "open64", const char *, int, ...);
    tale = real(getenv("FRAGILE_DISK_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  if (real(tale, parts, 3) != (ssize_t)(sizeof head + head[1] + length)) abort();
  pthread_mutex_unlock(&one_at_a_time);
  errno = before;
}

/* Whether writing is refused now; errno says why. */
static int refused(void) {
  char text[16] = {0};
  const char *refusal = getenv("FRAGILE_DISK_REFUSAL");
  FILE *file = refusal ? fopen(refusal, "re") : NULL;
  if (!file) return 0;
  int read = fread(text, 1, sizeof text - 1, file) > 0;
  fclose(file);
  errno = read ? atoi(text) : EROFS;
  return 1;
}

static int opened(int fd, const char *path, int flags, int was_there) {
  if (fd < 0 || fd >= MOST_FILES) return fd;
  free(names[fd]);
  names[fd] = is_ours(path) ? strdup(path) : NULL;
  if (names[fd] && (flags & O_CREAT) && !was_there) tell(MADE, path, 0, "", 0);
  if (names[fd] && (flags & O_TRUNC) && was_there) tell(CUT, path, 0, "", 0);
  return fd;
}

static int open_recorded(const char *path, int flags, mode_t mode) {
  REAL(int, "open64", const char *, int, ...);
  int ours = is_ours(path);
  int was_there = ours && access(path, F_OK) == 0;
  if (ours && (flags & (O_CREAT | O_TRUNC)) && !(was_there && !(flags & O_TRUNC)) && refused()) return -1;
  return opened(real(path, flags, mode), path, flags, was_there);
}

static mode_t mode_in(int flags, va_list rest) { return flags & O_CREAT ? va_arg(rest, mode_t) : 0; }

#define OPEN(name)                               \
  int name(const char *path, int flags, ...) {   \
    va_list rest;                                \
    va_start(rest, flags);                       \
    mode_t mode = mode_in(flags, rest);          \
    va_end(rest);                                \
    return open_recorded(path, flags, mode);     \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  REAL(int, "close", int);
  if (name_of(fd)) {
    free(names[fd]);
    names[fd] = NULL;
  }
  return real(fd);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  const char *name = name_of(fd);
  if (name && refused()) return -1;
  ssize_t written = real(fd, data, length, offset);
  if (name && written > 0) tell(WRITTEN, name, offset, data, written);
  return written;
}

ssize_t write(int fd, const void *data, size_t length) {
  REAL(ssize_t, "write", int, const void *, size_t);
  const char *name = name_of(fd);
  if (name && refused()) return -1;
  off64_t offset = name ? lseek64(fd, 0, SEEK_CUR) : 0;
  ssize_t written = real(fd, data, length);
  if (name && written > 0) tell(WRITTEN, name, offset, data, written);
  return written;
}

int ftruncate64(int fd, off64_t length) {
  REAL(int, "ftruncate64", int, off64_t);
  const char *name = name_of(fd);
  if (name && refused()) return -1;
  int outcome = real(fd, length);
  if (name && outcome == 0) tell(CUT, name, length, "", 0);
  return outcome;
}

#define SYNC(name)                                                    \
  int name(int fd) {                                                  \
    REAL(int, #name, int);                                            \
    const char *file = name_of(fd);                                   \
    if (file && refused()) return -1;                                 \
    int outcome = real(fd);                                           \
    if (file && outcome == 0) tell(SYNCED, file, 0, "", 0);           \
    return outcome;                                                   \
  }
SYNC(fsync)
SYNC(fdatasync)

#define REMOVE(name)                                                  \
  int name(const char *path) {                                        \
    REAL(int, #name, const char *);                                   \
    if (is_ours(path) && refused()) return -1;                        \
    int outcome = real(path);                                         \
    if (is_ours(path) && outcome == 0) tell(REMOVED, path, 0, "", 0); \
    return outcome;                                                   \
  }
REMOVE(unlink)
REMOVE(remove)

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  if (is_ours(from) && refused()) return -1;
  int outcome = real(from, to);
  if (is_ours(from) && outcome == 0) tell(RENAMED, from, 0, to, strlen(to));
  return outcome;
}
