/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "valise-profile.h"

#include <gio/gio.h>

typedef struct
{
  ValiseProfile *profile;
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->profile = valise_profile_load ("poa", &error);
  g_assert_no_error (error);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->profile);
}

static char *
join_databases (Fixture *fixture, const char *participant, const char *role)
{
  g_auto (GStrv) names = valise_profile_dup_databases (fixture->profile, participant, role);

  return g_strjoinv (" ", names);
}

static void
everyone_syncs_what_they_may_read (Fixture *fixture, gconstpointer data)
{
  static const char *const cases[][3] = {
    { "xke", "delegate", "public states desk-xke" },
    { "xke", "head", "public states desk-xke" },
    { "org-icrc", "observer", "public desk-org-icrc" },
    { "xor", "chair", "public states desk-xor bureau" },
    { "secretariat", "secretariat", "public states inbox bureau languages team-secretariat" },
    { "secretariat", "translator", "public languages" },
    { "xke", "stranger", "" },
    { NULL, "delegate", "public" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *names = join_databases (fixture, cases[i][0], cases[i][1]);

      g_assert_cmpstr (names, ==, cases[i][2]);
    }
}

static void
a_desk_is_for_two (Fixture *fixture, gconstpointer data)
{
  ValiseProfile *p = fixture->profile;

  g_assert_true (valise_profile_may_read (p, "desk-xke", "xke", "delegate"));
  g_assert_true (valise_profile_may_write (p, "desk-xke", "xke", "delegate"));
  g_assert_true (valise_profile_may_write (p, "desk-xke", "secretariat", "secretariat"));
  g_assert_false (valise_profile_may_read (p, "desk-xke", "xor", "delegate"));
  g_assert_false (valise_profile_may_read (p, "desk-xke", "xor", "chair"));
  g_assert_false (valise_profile_may_read (p, "desk-xk", "xk", "delegate"));
}

static void
public_is_read_by_all_and_written_by_one (Fixture *fixture, gconstpointer data)
{
  ValiseProfile *p = fixture->profile;

  g_assert_true (valise_profile_may_read (p, "public", "org-icrc", "observer"));
  g_assert_false (valise_profile_may_write (p, "public", "xke", "head"));
  g_assert_true (valise_profile_may_write (p, "public", "secretariat", "secretariat"));
  g_assert_false (valise_profile_may_read (p, "states", "org-icrc", "observer"));
  g_assert_false (valise_profile_may_read (p, "states", "org-icrc", "delegate"));
  g_assert_true (valise_profile_is_sealed (p, "states"));
  g_assert_false (valise_profile_is_sealed (p, "desk-xke"));
}

static void
a_team_is_its_own_only (Fixture *fixture, gconstpointer data)
{
  ValiseProfile *p = fixture->profile;

  g_assert_true (valise_profile_may_read (p, "team-xke", "xke", "delegate"));
  g_assert_false (valise_profile_may_read (p, "team-xke", "secretariat", "secretariat"));
  g_assert_false (valise_profile_may_read (p, "team-secretariat", "secretariat", "translator"));
  g_assert_true (valise_profile_has_database (p, "team-xke"));
  g_assert_false (valise_profile_has_database (p, "team-"));
  g_assert_false (valise_profile_has_database (p, "desk-XKE"));
  g_assert_false (valise_profile_has_database (p, "_users"));
}

static void
series_have_the_year_and_a_place_for_the_number (Fixture *fixture, gconstpointer data)
{
  g_autofree char *paper = valise_profile_dup_series (fixture->profile, "working-paper", 2026);
  g_autofree char *views = valise_profile_dup_series (fixture->profile, "national-views", 2027);
  g_autofree char *resolution = valise_profile_dup_series (fixture->profile, "resolution", 2026);
  g_autofree char *root = valise_profile_dup_series_root (fixture->profile, "working-paper");

  g_assert_cmpstr (paper, ==, "A/AC.292/2026/WP.%u");
  g_assert_cmpstr (views, ==, "A/AC.292/2027/WP.%u");
  g_assert_cmpstr (root, ==, "A/AC.292/");
  g_assert_null (resolution);
}

static void
damaged_profiles_are_refused (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = {
    "",
    "[]",
    "{}",
    "{\"languages\":[\"en\"]}",
    "{\"languages\":[\"tlh\"],\"roles\":[\"x\"]}",
    "{\"languages\":[\"en\"],\"roles\":[\"x\"],\"databases\":[{\"read\":[]}]}",
    "{\"languages\":[\"en\"],\"roles\":[\"x\"],\"cost\":1.5}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes)        text = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr (GError)        error = NULL;
      g_autoptr (ValiseProfile) profile = valise_profile_parse (text, &error);

      g_assert_null (profile);
      g_assert_nonnull (error);
    }
}

static void
a_profile_that_is_not_shipped_is_named (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError)        error = NULL;
  g_autoptr (ValiseProfile) profile = valise_profile_load ("../poa", &error);

  g_assert_null (profile);
  g_assert_error (error, G_RESOURCE_ERROR, G_RESOURCE_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "../poa"));
}

#define ADD(test) g_test_add ("/profile/" #test, Fixture, NULL, setup, test, teardown)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (everyone_syncs_what_they_may_read);
  ADD (a_desk_is_for_two);
  ADD (public_is_read_by_all_and_written_by_one);
  ADD (a_team_is_its_own_only);
  ADD (series_have_the_year_and_a_place_for_the_number);
  ADD (damaged_profiles_are_refused);
  ADD (a_profile_that_is_not_shipped_is_named);

  return g_test_run ();
}
