/* What the machine allows: the jobs we measure, done in C by one thread with the fewest calls.
 *
 *   limit lines        every line comes back behind "已接收: "; one write for each chunk that was read
 *   limit clock        the time over UDP as RFC 3339, formatted once a second
 *   limit file PATH    HTTP/1.1: PATH as the body of every reply, by sendfile
 *
 * Prints `listening on 127.0.0.1:PORT`, then serves until it is killed. A line is held until its LF
 * has come; what the peer does not take is kept, and nothing is read from it meanwhile.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 1024, BUFFER = 256 << 10, BACKLOG = 4096 };
static const char PREFIX[] = "已接收: ";
static char buffer[BUFFER];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int listen_on_loopback(int kind)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, kind, 0);
    if (fd < 0 || bind(fd, (void *)&address, size) || getsockname(fd, (void *)&address, &size))
        fail("bind");
    if ((kind & SOCK_STREAM) && listen(fd, BACKLOG))
        fail("listen");
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

/* ---- lines ---- */

struct bytes { /* a growing array; what lies before `start` is done with */
    char *data;
    size_t start, size, room;
};

struct client {
    int fd;
    struct bytes held, unsent;
};

static int poller;
static struct bytes answer; /* shared: filled and sent within one event */

static void append(struct bytes *to, const char *data, size_t size)
{
    if (to->size + size > to->room) {
        to->room = 2 * (to->size + size);
        to->data = realloc(to->data, to->room);
        if (!to->data)
            fail("memory");
    }
    memcpy(to->data + to->size, data, size);
    to->size += size;
}

static void end(struct client *c)
{
    close(c->fd);
    free(c->held.data);
    free(c->unsent.data);
    free(c);
}

static void watch(struct client *c, int operation, uint32_t events)
{
    struct epoll_event event = {events, {.ptr = c}};
    if (epoll_ctl(poller, operation, c->fd, &event))
        fail("epoll");
}

/* Send until the kernel takes no more; -1: the connection is broken. */
static int push(int fd, struct bytes *from)
{
    while (from->start < from->size) {
        ssize_t size = send(fd, from->data + from->start, from->size - from->start, MSG_NOSIGNAL);
        if (size < 0)
            return errno == EAGAIN ? 0 : -1;
        from->start += (size_t)size;
    }
    from->start = from->size = 0;
    return 0;
}

static int respond(struct client *c, const char *chunk, size_t size)
{
    const char *past = chunk + size, *next;
    answer.start = answer.size = 0;
    for (; (next = memchr(chunk, '\n', (size_t)(past - chunk))); chunk = next + 1) {
        append(&answer, PREFIX, sizeof PREFIX - 1);
        append(&answer, c->held.data, c->held.size);
        append(&answer, chunk, (size_t)(next + 1 - chunk));
        c->held.size = 0;
    }
    append(&c->held, chunk, (size_t)(past - chunk));
    if (push(c->fd, &answer))
        return -1;
    if (answer.size) {
        append(&c->unsent, answer.data + answer.start, answer.size - answer.start);
        watch(c, EPOLL_CTL_MOD, EPOLLOUT);
    }
    return 0;
}

static void serve(struct client *c, uint32_t events)
{
    if (events & EPOLLOUT) {
        if (push(c->fd, &c->unsent))
            end(c);
        else if (!c->unsent.size)
            watch(c, EPOLL_CTL_MOD, EPOLLIN);
        return;
    }
    ssize_t size = recv(c->fd, buffer, sizeof buffer, 0);
    if (size < 0 && errno == EAGAIN)
        return;
    if (size <= 0 || respond(c, buffer, (size_t)size))
        end(c);
}

static void welcome(int listener)
{
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct client *c = calloc(1, sizeof *c);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        c->fd = fd;
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static void serve_lines(void)
{
    struct epoll_event events[EVENTS];
    struct client listener = {.fd = listen_on_loopback(SOCK_STREAM | SOCK_NONBLOCK)};
    poller = epoll_create1(0);
    watch(&listener, EPOLL_CTL_ADD, EPOLLIN);
    for (;;) {
        int ready = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < ready; i++)
            if (events[i].data.ptr == &listener)
                welcome(listener.fd);
            else
                serve(events[i].data.ptr, events[i].events);
    }
}

/* ---- clock ---- */

static size_t format_time(time_t now, char *text, size_t room)
{
    struct tm parts;
    localtime_r(&now, &parts);
    size_t size = strftime(text, room, "%Y-%m-%dT%H:%M:%S", &parts);
    long offset = parts.tm_gmtoff / 60, minutes = labs(offset);
    if (!offset)
        return size + (size_t)snprintf(text + size, room - size, "Z");
    return size + (size_t)snprintf(text + size, room - size, "%c%02ld:%02ld", offset < 0 ? '-' : '+',
                                   minutes / 60, minutes % 60);
}

static void serve_clock(void)
{
    int fd = listen_on_loopback(SOCK_DGRAM);
    time_t formatted = 0;
    char text[64];
    size_t length = 0;
    for (;;) {
        struct sockaddr_in peer;
        socklen_t size = sizeof peer;
        if (recvfrom(fd, buffer, sizeof buffer, 0, (void *)&peer, &size) < 0)
            continue;
        time_t now = time(NULL);
        if (now != formatted)
            length = format_time(formatted = now, text, sizeof text);
        sendto(fd, text, length, 0, (void *)&peer, size);
    }
}

/* ---- file ---- */

static void serve_file(const char *path)
{
    int listener = listen_on_loopback(SOCK_STREAM), file = open(path, O_RDONLY), fd;
    struct stat status;
    if (file < 0 || fstat(file, &status))
        fail(path);
    while ((fd = accept(listener, NULL, NULL)) >= 0) {
        off_t sent = 0;
        if (recv(fd, buffer, sizeof buffer, 0) > 0) { /* requests of one segment only */
            dprintf(fd, "HTTP/1.1 200 OK\r\nContent-Length: %lld\r\nConnection: close\r\n\r\n",
                    (long long)status.st_size);
            while (sent < status.st_size &&
                   sendfile(fd, file, &sent, (size_t)(status.st_size - sent)) > 0)
                ;
        }
        close(fd);
    }
}

int main(int count, char **argument)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    if (count == 2 && !strcmp(argument[1], "lines"))
        serve_lines();
    if (count == 2 && !strcmp(argument[1], "clock"))
        serve_clock();
    if (count == 3 && !strcmp(argument[1], "file"))
        serve_file(argument[2]);
    fprintf(stderr, "usage: limit lines|clock|file PATH\n");
    return 2;
}
