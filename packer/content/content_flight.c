#include "content/content_flight.h"

void content_flight_init(struct content_flight *flight, size_t limit_bytes)
{
    *flight = (struct content_flight){.limit_bytes = limit_bytes};
    pthread_mutex_init(&flight->lock, NULL);
    pthread_cond_init(&flight->changed, NULL);
}

void content_flight_clean_up(struct content_flight *flight)
{
    pthread_cond_destroy(&flight->changed);
    pthread_mutex_destroy(&flight->lock);
}

bool content_flight_enter(struct content_flight *flight, size_t task, size_t bytes)
{
    pthread_mutex_lock(&flight->lock);
    while (!flight->stopped &&
           (flight->next != task || (flight->bytes > 0 && flight->bytes + bytes > flight->limit_bytes)))
        pthread_cond_wait(&flight->changed, &flight->lock);
    bool entered = !flight->stopped;
    if (entered) {
        flight->next++;
        flight->bytes += bytes;
        pthread_cond_broadcast(&flight->changed);
    }
    pthread_mutex_unlock(&flight->lock);
    return entered;
}

void content_flight_leave(struct content_flight *flight, size_t bytes)
{
    pthread_mutex_lock(&flight->lock);
    flight->bytes -= bytes;
    pthread_cond_broadcast(&flight->changed);
    pthread_mutex_unlock(&flight->lock);
}

void content_flight_stop(struct content_flight *flight)
{
    pthread_mutex_lock(&flight->lock);
    flight->stopped = true;
    pthread_cond_broadcast(&flight->changed);
    pthread_mutex_unlock(&flight->lock);
}
