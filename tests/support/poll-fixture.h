/* poll-fixture.h - a secretariat with two databases to ask about at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "server-fixture.h"

typedef struct
{
  Secretariat secretariat;
} Fixture;

static inline void
setup (Fixture *fixture, gconstpointer data)
{
  Secretariat *self = &fixture->secretariat;

  secretariat_init (self, NULL, NULL);
  g_free (secretariat_expect (self, self->admin, "PUT", "/one", NULL, 201));
  g_free (secretariat_expect (self, self->admin, "PUT", "/two", NULL, 201));
}

static inline void
teardown (Fixture *fixture, gconstpointer data)
{
  secretariat_clear (&fixture->secretariat);
}
