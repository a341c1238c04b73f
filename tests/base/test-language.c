/* test-language.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "valise-language.h"

static void
six_languages_are_known (void)
{
  const char *const *list = valise_language_list ();

  g_assert_cmpuint (g_strv_length ((char **) list), ==, VALISE_N_LANGUAGES);
  for (guint i = 0; i < VALISE_N_LANGUAGES; i++)
    {
      g_assert_true (valise_language_is_known (list[i]));
      if (i > 0)
        g_assert_cmpstr (list[i - 1], <, list[i]);
    }
  g_assert_false (valise_language_is_known ("de"));
  g_assert_false (valise_language_is_known ("FR"));
  g_assert_false (valise_language_is_known (""));
  g_assert_false (valise_language_is_known (NULL));
}

static void
every_code_in_use_is_understood (void)
{
  static const struct
  {
    const char *text, *code;
  } cases[] = {
    { "fr", "fr" },          { "fra", "fr" },      { "fre", "fr" },        { "F", "fr" },
    { "fr_CH.UTF-8", "fr" }, { "FR", "fr" },       { "fr-CA", "fr" },      { "fr@euro", "fr" },
    { "FRA", "fr" },         { "fr.UTF-8", "fr" }, { "ar", "ar" },         { "ara", "ar" },
    { "A", "ar" },           { "ar_EG", "ar" },    { "eng", "en" },        { "E", "en" },
    { "e", NULL },           { "C.UTF-8", NULL },  { "en_GB", "en" },      { "spa", "es" },
    { "S", "es" },           { "R", "ru" },        { "rus", "ru" },        { "C", "zh" },
    { "zho", "zh" },         { "chi", "zh" },      { "zh-Hans-CN", "zh" }, { "zh_TW", "zh" },
    { "de", NULL },          { "deu", NULL },      { "POSIX", NULL },      { "french", NULL },
    { "f r", NULL },         { "", NULL },         { "_FR", NULL },        { "D", NULL },
    { "fra fre", NULL },     { "ra ", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (valise_language_normalise (cases[i].text), ==, cases[i].code);
  g_assert_null (valise_language_normalise (NULL));
}

static void
each_language_says_its_name_letter_and_direction (void)
{
  static const struct
  {
    const char *code, *name, *endonym;
    char        letter;
  } cases[] = {
    { "ar", "Arabic", "العربية", 'A' },  { "en", "English", "English", 'E' },
    { "es", "Spanish", "español", 'S' }, { "fr", "French", "français", 'F' },
    { "ru", "Russian", "русский", 'R' }, { "zh", "Chinese", "中文", 'C' },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpstr (valise_language_get_name (cases[i].code), ==, cases[i].name);
      g_assert_cmpstr (valise_language_get_endonym (cases[i].code), ==, cases[i].endonym);
      g_assert_cmpint (valise_language_get_letter (cases[i].code), ==, cases[i].letter);
      g_assert_cmpint (valise_language_is_rtl (cases[i].code), ==, cases[i].letter == 'A');
    }
}

static void
an_unknown_language_is_shown_by_its_code (void)
{
  g_assert_cmpstr (valise_language_get_name ("de"), ==, "de");
  g_assert_cmpstr (valise_language_get_endonym ("de"), ==, "de");
  g_assert_cmpint (valise_language_get_letter ("de"), ==, 0);
  g_assert_false (valise_language_is_rtl ("de"));
}

#define ADD(test) g_test_add_func ("/language/" #test, test)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD (six_languages_are_known);
  ADD (every_code_in_use_is_understood);
  ADD (each_language_says_its_name_letter_and_direction);
  ADD (an_unknown_language_is_shown_by_its_code);

  return g_test_run ();
}
