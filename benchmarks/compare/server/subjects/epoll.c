// The floor of all servers: C on epoll, which accepts, answers every request with the head of an event stream, and writes.
// It is driven as `serve-subject.ts` lets programs be: tasks as lines of JSON on standard input, an answer to each. Its
// argument says whether it writes each event by itself or those of a turn together.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 20000, BACKLOG = 4096, LINE = 4096, READY = 256 };

static const char HEAD[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n\r\n";

static int readers[MOST];
static int reader_count = 0;

static void fail(const char *what) {
  fprintf(stderr, "Cannot %s: %s\n", what, strerror(errno));
  exit(1);
}

// Microseconds since 1970, as all programs of a comparison count them.
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

// Writes all of it, and waits for a reader that is behind.
static void write_all(int reader, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = send(reader, bytes, length, MSG_NOSIGNAL);
    if (written >= 0) {
      bytes += written;
      length -= written;
    } else if (errno == EAGAIN) {
      struct pollfd writable = {.fd = reader, .events = POLLOUT};
      poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return;
    }
  }
}

static double number_of(const char *task, const char *name) {
  const char *at = strstr(task, name);
  return at == NULL ? 0 : strtod(at + strlen(name), NULL);
}

static void load(const char *task, int whole_turns) {
  int events = number_of(task, "\"events\":"), per_turn = number_of(task, "\"perTurn\":");
  int size = number_of(task, "\"size\":");
  double interval = number_of(task, "\"interval\":") * 1000, started = now();
  char *turn = malloc((size_t)per_turn * (size + 64));
  if (turn == NULL) fail("keep a turn");
  for (int sent = 0; sent < events;) {
    double due = started + sent / per_turn * interval;
    double wait = due - now();
    if (wait > 0) usleep(wait);
    size_t length = 0;
    for (int in_turn = 0; in_turn < per_turn && sent < events; in_turn++, sent++) {
      size_t first = length;
      length += sprintf(turn + length, "data: ");
      size_t data = length;
      length += sprintf(turn + length, "%d %.0f ", sent, due);
      while (length < data + size) turn[length++] = 'x';
      length = data + size;
      turn[length++] = '\n';
      turn[length++] = '\n';
      if (whole_turns) continue;
      for (int i = 0; i < reader_count; i++) write_all(readers[i], turn + first, length - first);
    }
    for (int i = 0; whole_turns && i < reader_count; i++) write_all(readers[i], turn, length);
  }
  free(turn);
  puts("{}");
}

static void usage(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  long cpu = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  long pages = 0;
  FILE *memory = fopen("/proc/self/statm", "r");
  if (memory == NULL || fscanf(memory, "%*d %ld", &pages) != 1) fail("read its own memory");
  fclose(memory);
  printf("{\"cpu\":%ld,\"memory\":%ld}\n", cpu, pages * sysconf(_SC_PAGESIZE));
}

static int listen_on_free_port(void) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, BACKLOG) < 0)
    fail("listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  return listener;
}

static void watch(int epoll, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("watch");
}

static void accept_all(int epoll, int listener) {
  for (int reader; (reader = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    setsockopt(reader, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    watch(epoll, reader);
  }
}

// A request comes in one piece here; what comes later is the reader's end.
static void answer(int epoll, int reader) {
  char request[LINE];
  if (recv(reader, request, sizeof request, 0) <= 0 || reader_count == MOST) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, reader, NULL);
    return;
  }
  write_all(reader, HEAD, sizeof HEAD - 1);
  readers[reader_count++] = reader;
}

int main(int count, char **arguments) {
  int whole_turns = count > 1 && strcmp(arguments[1], "turn") == 0;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  setvbuf(stdout, NULL, _IOLBF, 0);
  int epoll = epoll_create1(0), listener = listen_on_free_port();
  watch(epoll, listener);
  watch(epoll, STDIN_FILENO);
  for (;;) {
    struct epoll_event ready[READY];
    int events = epoll_wait(epoll, ready, READY, -1);
    for (int i = 0; i < events; i++) {
      int descriptor = ready[i].data.fd;
      if (descriptor == listener) accept_all(epoll, listener);
      else if (descriptor != STDIN_FILENO) answer(epoll, descriptor);
      else {
        // The other side asks one thing after the other, so no second line waits behind this one.
        char task[LINE];
        ssize_t length = read(STDIN_FILENO, task, sizeof task - 1);
        if (length <= 0) return 0;
        task[length] = 0;
        if (strstr(task, "\"usage\"") != NULL) usage();
        else load(task, whole_turns);
      }
    }
  }
}
