/* killed-program.h - our programs, run to their end or killed before it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A failure says at which moment it was: of a run on another machine that may be all there is to
 * read. One thread.
 */

#pragma once

#include <gio/gio.h>
#include <string.h>

static char *moment; /* for what a failure says */

G_GNUC_PRINTF (1, 2)
static inline void
set_moment (const char *format, ...)
{
  va_list list;

  g_free (moment);
  va_start (list, format);
  moment = g_strdup_vprintf (format, list);
  va_end (list);
}

G_GNUC_PRINTF (4, 5)
static inline void
fail_at (const char *file, int line, const char *function, const char *format, ...)
{
  g_autofree char *what = NULL, *text = NULL;
  va_list          list;

  va_start (list, format);
  what = g_strdup_vprintf (format, list);
  va_end (list);
  text = g_strdup_printf ("%s: %s", moment, what);
  g_assertion_message (G_LOG_DOMAIN, file, line, function, text);
}

/* An assertion whose failure says the moment, and what follows @holds, as printf has it. */
#define assert_that(holds, ...)                                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!(holds))                                                                                  \
      fail_at (__FILE__, __LINE__, G_STRFUNC, __VA_ARGS__);                                        \
  }                                                                                                \
  G_STMT_END

static inline char *
find_program (const char *name)
{
  return g_build_filename (g_getenv ("VALISE_PROGRAMS"), name, NULL);
}

static inline GSubprocess *
start (GSubprocessFlags flags, const char *program, ...)
{
  g_autoptr (GError)              error = NULL;
  g_autoptr (GPtrArray)           argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  GSubprocess                    *process = NULL;
  const char                     *argument = NULL;
  va_list                         list;

  g_ptr_array_add (argv,
                   strchr (program, '/') != NULL ? g_strdup (program) : find_program (program));
  va_start (list, program);
  while ((argument = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (argv, g_strdup (argument));
  va_end (list);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  return process;
}

/* Runs to its end, which must be a good one; what it printed. @words: what was started. */
static inline char *
finish (GSubprocess *process, const char *words)
{
  g_autoptr (GError) error = NULL;
  char              *output = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  assert_that (g_subprocess_get_successful (process), "%s ended with %s %d", words,
               g_subprocess_get_if_exited (process) ? "status" : "signal",
               g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                                    : g_subprocess_get_term_sig (process));
  g_object_unref (process);
  return output;
}

#define RUN(...) finish (start (G_SUBPROCESS_FLAGS_STDOUT_PIPE, __VA_ARGS__, NULL), #__VA_ARGS__)
#define DO(...)  g_free (RUN (__VA_ARGS__))

static inline void
sleep_at_random (int least_ms, int most_ms)
{
  int              ms = g_test_rand_int_range (least_ms, most_ms);
  g_autofree char *before = g_steal_pointer (&moment);

  set_moment ("%s, after %d ms", before, ms);
  g_usleep ((gulong) ms * 1000);
}

/* Kills it wherever it is; FALSE where it had ended by itself. */
static inline gboolean
kill_now (GSubprocess *process)
{
  g_subprocess_force_exit (process);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  return g_subprocess_get_if_signaled (process);
}
