/* fault-loop.h - a scenario on a disk that fails at every call, and without memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A scenario is run again and again, failing the first call of SQLite to the disk, the second,
 * and so on, until one run meets no failure: once, and from there on for good, and as a disk does
 * that fills up; and then the same with SQLite's allocations. Whatever fails says so; afterwards,
 * with the fault gone, the scenario's check looks at what is left. In the short form most calls
 * are passed over, each time others; VALISE_TEST_COUNT says how many runs a kind of fault gets,
 * and 0 takes every call.
 */

#pragma once

#include "fault-vfs.h"
#include "valise-test.h"

#define FAULT_LOOP_RUNS 4

typedef struct
{
  void (*prepare) (gpointer fixture); /* without faults: as it is before */
  void (*work) (gpointer fixture);    /* may fail, and has a message then */
  void (*check) (gpointer fixture);   /* without faults: what is left is whole */
} FaultScenario;

static const struct
{
  const char *name;
  gboolean    memory;
  gboolean    forever;
  int         code;
} fault_kinds[] = {
  { "one call fails", FALSE, FALSE, SQLITE_IOERR_WRITE },
  { "all calls fail from here on", FALSE, TRUE, SQLITE_IOERR_WRITE },
  { "the disk is full from here on", FALSE, TRUE, SQLITE_FULL },
  { "one allocation fails", TRUE, FALSE, 0 },
  { "all allocations fail from here on", TRUE, TRUE, 0 },
};

/* --- memory ------------------------------------------------------------------------------ */

static sqlite3_mem_methods fault_real_memory;

static struct
{
  guint    calls;
  guint    fail_at; /* 0: never */
  gboolean forever;
  guint    failed;
} fault_memory;

static gboolean
fault_memory_strikes (void)
{
  fault_memory.calls++;
  if (fault_memory.fail_at == 0 || fault_memory.calls < fault_memory.fail_at
      || (fault_memory.calls > fault_memory.fail_at && !fault_memory.forever))
    return FALSE;
  fault_memory.failed++;
  return TRUE;
}

static void *
fault_malloc (int size)
{
  return fault_memory_strikes () ? NULL : fault_real_memory.xMalloc (size);
}

static void *
fault_realloc (void *block, int size)
{
  return fault_memory_strikes () ? NULL : fault_real_memory.xRealloc (block, size);
}

/* Before anything else of the program uses SQLite. */
static void
fault_loop_install (void)
{
  sqlite3_mem_methods mine = { 0 };

  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_GETMALLOC, &fault_real_memory), ==, SQLITE_OK);
  mine = fault_real_memory;
  mine.xMalloc = fault_malloc;
  mine.xRealloc = fault_realloc;
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_MALLOC, &mine), ==, SQLITE_OK);
  /* Else most would come from a pool that never fails. */
  g_assert_cmpint (sqlite3_config (SQLITE_CONFIG_LOOKASIDE, 0, 0), ==, SQLITE_OK);
  fault_install ();
}

/* --- loops ------------------------------------------------------------------------------- */

/* Returns: how many calls it made; @failed: (out): how many of them failed. */
static guint
fault_loop_try (const FaultScenario *scenario,
                gpointer             fixture,
                guint                kind,
                guint                nth,
                guint               *failed)
{
  guint calls = 0;

  scenario->prepare (fixture);
  fault_memory.calls = fault_memory.failed = 0;
  fault_memory.forever = fault_kinds[kind].forever;
  fault_memory.fail_at = fault_kinds[kind].memory ? nth : 0;
  fault_arm (fault_kinds[kind].memory ? 0 : nth, fault_kinds[kind].forever, fault_kinds[kind].code);
  scenario->work (fixture);
  calls = fault_kinds[kind].memory ? fault_memory.calls : fault.calls;
  *failed = fault_kinds[kind].memory ? fault_memory.failed : fault.failed;
  fault_memory.fail_at = 0;
  fault_arm (0, FALSE, 0);
  scenario->check (fixture);
  return calls;
}

static void
fault_loop_run (const FaultScenario *scenario, gpointer fixture)
{
  guint wanted = valise_test_count (FAULT_LOOP_RUNS);

  for (guint kind = 0; kind < G_N_ELEMENTS (fault_kinds); kind++)
    {
      guint failed = 0, tries = 0;
      guint calls = fault_loop_try (scenario, fixture, kind, 0, &failed);
      guint stride = wanted == 0 ? 1 : MAX (1, calls / wanted);

      g_assert_cmpuint (failed, ==, 0);
      g_assert_cmpuint (calls, >, 10);
      for (guint nth = 1 + (guint) g_test_rand_int_range (0, (gint32) stride);; nth += stride)
        {
          fault_loop_try (scenario, fixture, kind, nth, &failed);
          tries++;
          if (failed == 0)
            break;
        }
      g_test_message ("%s: %u calls, %u runs", fault_kinds[kind].name, calls, tries);
      g_assert_cmpuint (tries, >, 2);
    }
}
