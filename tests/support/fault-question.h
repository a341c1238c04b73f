/* fault-question.h - one question of HTTP/1.1, as it stands on a connection
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <string.h>

typedef struct
{
  char    *method;
  char    *target;
  char    *cookie;
  char    *match; /* If-None-Match */
  gboolean gzip;
  gsize    length;
  GBytes  *body;
} FaultQuestion;

static inline void
fault_clear_question (FaultQuestion *question)
{
  g_free (question->method);
  g_free (question->target);
  g_free (question->cookie);
  g_free (question->match);
  g_clear_pointer (&question->body, g_bytes_unref);
}

static inline GBytes *
fault_convert (GConverter *converter, gconstpointer data, gsize length)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GOutputStream) stream = g_converter_output_stream_new (memory, converter);

  g_assert_true (g_output_stream_write_all (stream, data, length, NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static inline GBytes *
fault_gunzip (GBytes *bytes)
{
  g_autoptr (GConverter) converter =
      G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));

  return fault_convert (converter, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static inline void
fault_take_header (FaultQuestion *question, const char *line)
{
  if (g_ascii_strncasecmp (line, "content-length:", 15) == 0)
    question->length = (gsize) g_ascii_strtoull (line + 15, NULL, 10);
  else if (g_ascii_strncasecmp (line, "content-encoding: gzip", 22) == 0)
    question->gzip = TRUE;
  else if (g_ascii_strncasecmp (line, "cookie: ", 8) == 0)
    question->cookie = g_strdup (line + 8);
  else if (g_ascii_strncasecmp (line, "if-none-match: ", 15) == 0)
    question->match = g_strdup (line + 15);
}

/* The next question on a connection; FALSE at its end. @received: grows by its bytes. */
static inline gboolean
fault_read_question (GDataInputStream *in, FaultQuestion *question, guint64 *received)
{
  g_autofree char *first = g_data_input_stream_read_line (in, NULL, NULL, NULL);
  g_auto (GStrv)   words = NULL;
  g_autofree char *buffer = NULL;
  gsize            n = 0;
  char            *line = NULL;

  if (first == NULL)
    return FALSE;
  *received += strlen (first) + 2;
  words = g_strsplit (first, " ", 3);
  g_assert_cmpuint (g_strv_length (words), ==, 3);
  question->method = g_strdup (words[0]);
  question->target = g_strdup (words[1]);
  while ((line = g_data_input_stream_read_line (in, NULL, NULL, NULL)) != NULL && line[0] != '\0')
    {
      *received += strlen (line) + 2;
      fault_take_header (question, line);
      g_free (line);
    }
  *received += 2;
  g_free (line);
  buffer = g_malloc (question->length + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (in), buffer, question->length, &n, NULL, NULL)
      || n < question->length)
    return FALSE;
  *received += n;
  question->body = g_bytes_new (buffer, n);
  return TRUE;
}
