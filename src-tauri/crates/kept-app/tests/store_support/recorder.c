/*
 * A library for LD_PRELOAD that stands between a process and the disk.
 *
 * Under the folder KEPT_ROOT it writes down, in KEPT_LOG, everything that changes files, in order, together with
 * what the process writes to its standard output, so that a power cut can be staged at any point of it. It can also
 * play a disk that is full, cannot be written to, or fails to sync:
 *
 *   KEPT_FULL_AFTER   writes fail with ENOSPC after so many bytes, until the file KEPT_ROOM exists
 *   KEPT_GONE_AFTER   after so many bytes everything fails with EIO, as with a stick that was pulled out, until the file
 *                     KEPT_ROOM exists
 *   KEPT_READ_ONLY    everything that would change a file fails with EROFS
 *   KEPT_SYNC_FAILS   the syncs of files in journal/ from the n-th on fail with EIO, until the file KEPT_ROOM exists
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root, *room;
static size_t root_length;
static int log_fd = -1, read_only;
static int64_t full_after = -1, gone_after = -1, written_bytes, sync_fails = -1, syncs;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    root = getenv("KEPT_ROOT");
    room = getenv("KEPT_ROOM");
    root_length = root ? strlen(root) : 0;
    if (getenv("KEPT_FULL_AFTER")) full_after = atoll(getenv("KEPT_FULL_AFTER"));
    if (getenv("KEPT_GONE_AFTER")) gone_after = atoll(getenv("KEPT_GONE_AFTER"));
    if (getenv("KEPT_SYNC_FAILS")) sync_fails = atoll(getenv("KEPT_SYNC_FAILS"));
    read_only = getenv("KEPT_READ_ONLY") != NULL;
    const char *path = getenv("KEPT_LOG");
    if (path) log_fd = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

/* No call is cut off between happening and being written down. */
__attribute__((destructor)) static void end(void) { pthread_mutex_lock(&lock); }

static int inside(const char *path) { return root && path && strncmp(path, root, root_length) == 0; }

static int room_again(void) { return room && access(room, F_OK) == 0; }

static int is_gone(void) { return gone_after >= 0 && written_bytes >= gone_after && !room_again(); }

/* The path an open file had, if it is inside the folder. */
static int of_fd(int fd, char *path) {
    char link[64];
    if (!root) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return inside(path);
}

static void at_path(int dir, const char *name, char *path) {
    if (name[0] == '/' || dir == AT_FDCWD) {
        snprintf(path, PATH_MAX, "%s", name);
        return;
    }
    char base[PATH_MAX];
    if (!of_fd(dir, base)) base[0] = 0;
    if (snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) path[0] = 0;
}

static void put(const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t done = REAL(write)(log_fd, at, length);
        if (done <= 0) _exit(99);
        at += done;
        length -= (size_t)done;
    }
}

/* One record: a letter, two numbers, the length of the bytes, the bytes. */
static void record(char what, uint64_t a, uint64_t b, const void *bytes, size_t length) {
    if (log_fd < 0) return;
    char head[25];
    uint64_t size = length;
    head[0] = what;
    memcpy(head + 1, &a, 8);
    memcpy(head + 9, &b, 8);
    memcpy(head + 17, &size, 8);
    put(head, sizeof head);
    put(bytes, length);
}

static uint64_t ino(int fd) {
    struct stat st;
    return fstat(fd, &st) == 0 ? st.st_ino : 0;
}

static int do_open(int dir, const char *name, int flags, mode_t mode) {
    char path[PATH_MAX];
    at_path(dir, name, path);
    int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
    if (inside(path) && is_gone()) {
        errno = EIO;
        return -1;
    }
    if (!inside(path) || !writes) return REAL(openat)(dir, name, flags, mode);
    if (read_only) {
        errno = EROFS;
        return -1;
    }
    pthread_mutex_lock(&lock);
    int is_new = access(path, F_OK) != 0;
    if (is_new && full_after >= 0 && written_bytes >= full_after && !room_again()) {
        pthread_mutex_unlock(&lock);
        errno = ENOSPC;
        return -1;
    }
    int fd = REAL(openat)(dir, name, flags, mode);
    if (fd >= 0) {
        int saved = errno;
        if (is_new) record('C', ino(fd), 0, path, strlen(path));
        else if (flags & O_TRUNC) record('T', ino(fd), 0, "", 0);
        errno = saved;
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *name, int flags, ...) { MODE(flags) return do_open(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE(flags) return do_open(AT_FDCWD, name, flags | O_LARGEFILE, mode); }
int openat(int dir, const char *name, int flags, ...) { MODE(flags) return do_open(dir, name, flags, mode); }
int openat64(int dir, const char *name, int flags, ...) { MODE(flags) return do_open(dir, name, flags | O_LARGEFILE, mode); }

/* How many of these bytes the disk takes; -1 with errno if none. */
static ssize_t admitted(size_t length) {
    if (read_only) {
        errno = EROFS;
        return -1;
    }
    int64_t most = full_after >= 0 ? full_after : gone_after;
    if (most < 0 || room_again()) return (ssize_t)length;
    int64_t left = most - written_bytes;
    if (left <= 0) {
        errno = full_after >= 0 ? ENOSPC : EIO;
        return -1;
    }
    return left < (int64_t)length ? (ssize_t)left : (ssize_t)length;
}

static ssize_t do_write(int fd, const void *bytes, size_t length, off_t offset, int positioned) {
    char path[PATH_MAX];
    if (fd == 1 && log_fd >= 0) {
        pthread_mutex_lock(&lock);
        record('A', 0, 0, bytes, length);
        pthread_mutex_unlock(&lock);
    }
    if (fd <= 2 || fd == log_fd || !of_fd(fd, path))
        return positioned ? REAL(pwrite64)(fd, bytes, length, offset) : REAL(write)(fd, bytes, length);
    pthread_mutex_lock(&lock);
    ssize_t allowed = admitted(length);
    ssize_t done = -1;
    if (allowed >= 0) {
        off_t at = positioned ? offset : lseek(fd, 0, SEEK_CUR);
        done = positioned ? REAL(pwrite64)(fd, bytes, (size_t)allowed, offset) : REAL(write)(fd, bytes, (size_t)allowed);
        if (done > 0) {
            written_bytes += done;
            record('W', ino(fd), (uint64_t)at, bytes, (size_t)done);
        }
    }
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) { return do_write(fd, bytes, length, 0, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return do_write(fd, bytes, length, offset, 1); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return do_write(fd, bytes, length, offset, 1); }

static int do_truncate(int fd, off_t length) {
    char path[PATH_MAX];
    if (!of_fd(fd, path)) return REAL(ftruncate64)(fd, length);
    if (read_only) {
        errno = EROFS;
        return -1;
    }
    pthread_mutex_lock(&lock);
    int done = REAL(ftruncate64)(fd, length);
    if (done == 0) record('T', ino(fd), (uint64_t)length, "", 0);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate(int fd, off_t length) { return do_truncate(fd, length); }
int ftruncate64(int fd, off64_t length) { return do_truncate(fd, length); }

static int do_sync(int fd, int data) {
    char path[PATH_MAX];
    if (!of_fd(fd, path)) return data ? REAL(fdatasync)(fd) : REAL(fsync)(fd);
    pthread_mutex_lock(&lock);
    struct stat st;
    int done = 0;
    if (fstat(fd, &st) == 0) {
        if (is_gone()) {
            errno = EIO;
            done = -1;
        } else if (sync_fails >= 0 && strstr(path, "/journal/") && ++syncs >= sync_fails && !room_again()) {
            errno = EIO;
            done = -1;
        } else if (S_ISDIR(st.st_mode)) {
            record('D', 0, 0, path, strlen(path));
        } else {
            record('S', st.st_ino, 0, "", 0);
        }
    }
    pthread_mutex_unlock(&lock);
    return done;
}

/* The staged disk is the log: nothing is forced to the real one. */
int fsync(int fd) { return do_sync(fd, 0); }
int fdatasync(int fd) { return do_sync(fd, 1); }
int sync_file_range(int fd, off64_t offset, off64_t length, unsigned flags) {
    (void)fd, (void)offset, (void)length, (void)flags;
    return 0;
}

#define CHANGES_NAMES(path, call, letter, bytes, size) \
    if (!inside(path)) return call; \
    if (read_only) { errno = EROFS; return -1; } \
    if (is_gone()) { errno = EIO; return -1; } \
    pthread_mutex_lock(&lock); \
    int done = call; \
    if (done == 0) record(letter, 0, 0, bytes, size); \
    pthread_mutex_unlock(&lock); \
    return done;

int rename(const char *from, const char *to) {
    char both[2 * PATH_MAX];
    int size = snprintf(both, sizeof both, "%s%c%s", from, '\n', to);
    CHANGES_NAMES(from, REAL(rename)(from, to), 'R', both, (size_t)size)
}

int unlink(const char *path) { CHANGES_NAMES(path, REAL(unlink)(path), 'U', path, strlen(path)) }
int rmdir(const char *path) { CHANGES_NAMES(path, REAL(rmdir)(path), 'U', path, strlen(path)) }
int mkdir(const char *path, mode_t mode) { CHANGES_NAMES(path, REAL(mkdir)(path, mode), 'M', path, strlen(path)) }

int unlinkat(int dir, const char *name, int flags) {
    char path[PATH_MAX];
    at_path(dir, name, path);
    CHANGES_NAMES(path, REAL(unlinkat)(dir, name, flags), 'U', path, strlen(path))
}
