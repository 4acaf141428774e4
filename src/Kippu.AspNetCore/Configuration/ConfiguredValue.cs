using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Kippu.AspNetCore.Configuration;

/// <summary>One value of the configuration. Whatever is wrong with it is said with its path.</summary>
internal static class ConfiguredValue
{
    public static string Text(IConfigurationSection section) =>
        section.Value is { Length: > 0 } text && !section.GetChildren().Any() ? text : throw Wrong(section, "a text");

    public static bool Flag(IConfigurationSection section) => bool.TryParse(Text(section), out var flag) ? flag : throw Wrong(section, "true or false");

    public static int Number(IConfigurationSection section) =>
        int.TryParse(Text(section), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(section, "a whole number");

    public static TimeSpan Time(IConfigurationSection section) =>
        TimeSpan.TryParse(Text(section), CultureInfo.InvariantCulture, out var time) ? time : throw Wrong(section, "a time such as 12:00:00 or 7.00:00:00");

    public static T Name<T>(IConfigurationSection section)
        where T : struct, Enum =>
        Enum.TryParse<T>(Text(section), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : throw Wrong(section, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    public static KippuMode Mode(IConfigurationSection section) => KippuMode.TryParse(section.Value, out var mode) ? mode : throw Wrong(section, "On, Off or Percent: n");

    /// <summary>A list of texts, in the place of what it held.</summary>
    public static void Replace(IConfigurationSection section, IList<string> list)
    {
        list.Clear();
        foreach (var entry in section.GetChildren())
        {
            list.Add(Text(entry));
        }
    }

    /// <summary>Gives each child to the setter of its name.</summary>
    /// <param name="section">Whose children.</param>
    /// <param name="setters">By name, without regard to case.</param>
    /// <param name="isOther">Which children are none of the caller's business.</param>
    public static void Each(IConfigurationSection section, IReadOnlyDictionary<string, Action<IConfigurationSection>> setters, Func<IConfigurationSection, bool>? isOther = null)
    {
        foreach (var child in section.GetChildren())
        {
            if (setters.TryGetValue(child.Key, out var set))
            {
                try
                {
                    set(child);
                }
                catch (ArgumentException wrong)
                {
                    throw Refused($"{child.Path}: {wrong.Message}");
                }
            }
            else if (isOther?.Invoke(child) != true)
            {
                throw Refused($"{child.Path}: there is no such option; there are {string.Join(", ", setters.Keys)}");
            }
        }
    }

    public static OptionsValidationException Refused(string message) => new(Options.DefaultName, typeof(KippuOptions), [message]);

    private static OptionsValidationException Wrong(IConfigurationSection section, string wanted) =>
        // The value is not repeated: it may be a password that stands in the wrong place.
        Refused($"{section.Path}: must be {wanted}");
}
