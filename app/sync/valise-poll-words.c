/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-poll-words"

#include "config.h"

#include "valise-poll-words.h"

/* What is most often said stands last: it is the nearest. */
static const char words[] =
    "{\"server\":\"\",\"account\":{\"tag\":\"\",\"databases\":["
    "{\"name\":\"inbox\",\"error\":\"forbidden\"},{\"name\":\"bureau\",\"error\":\"not_found\"},"
    "{\"name\":\"public\",\"read\":true,\"write\":false},"
    "{\"name\":\"states\",\"read\":true,\"write\":false},"
    "{\"name\":\"desk-\",\"read\":true,\"write\":true}]},\"databases\":["
    "{\"name\":\"public\",\"update_seq\":\"0-\",\"uuid\":\"\",\"instance_start_time\":\"1\","
    "\"doc_count\":0,\"features\":[\"stream\",\"known\",\"span\"],\"logs\":[]},"
    "{\"name\":\"\",\"update_seq\":\"0-\",\"uuid\":\"\",\"instance_start_time\":\"1\","
    "\"doc_count\":0,\"features\":[\"stream\",\"known\",\"span\"],\"logs\":[\"\",\"\"],"
    "\"held\":[null,null]}]}\n";

GBytes *
valise_poll_words_make (const char *question, gsize length)
{
  g_autoptr (GString) text = g_string_new_len (words, sizeof words - 1);

  g_string_append_len (text, question, (gssize) length);
  return g_string_free_to_bytes (g_steal_pointer (&text));
}
