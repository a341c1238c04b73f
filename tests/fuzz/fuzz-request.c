/* fuzz-request.c - any bytes as the file in which a laptop says what it has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "valise-bundle-request.h"

static void
check (const ValiseBundleRequest *request)
{
  static const char some[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  static const char *const databases[] = { "public", "desk-xke", "", "\xff" };

  g_assert_nonnull (valise_bundle_request_get_programme (request));
  for (guint i = 0; i < G_N_ELEMENTS (databases); i++)
    (void) valise_bundle_request_has (request, databases[i], "paper:A/1", "1-a");
  (void) valise_bundle_request_has_original (request, some);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  int                             fd = memfd_create ("request", 0);
  g_autofree char                *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (GError)              error = NULL;
  g_autoptr (ValiseBundleRequest) request = NULL;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
  request = valise_bundle_request_read (path, &error);
  close (fd);
  g_assert_true ((request == NULL) == (error != NULL));
  if (request != NULL)
    check (request);
  return 0;
}
