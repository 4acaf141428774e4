using Kippu.Fleet;
using Microsoft.Extensions.Configuration;

namespace Kippu.AspNetCore.Configuration;

/// <summary>
/// The configuration section <c>Kippu</c>: its options are the defaults, and a section below it whose name is no option holds what differs for the endpoints of that name.
/// </summary>
internal static class KippuSection
{
    public const string Key = "Kippu";

    public static void Bind(IConfiguration configuration, string name, KippuOptions options)
    {
        var root = configuration.GetSection(Key);
        var setters = Setters(options);
        ConfiguredValue.Each(root, setters, isOther: child => child.GetChildren().Any());
        if (name.Length > 0)
        {
            if (setters.ContainsKey(name))
            {
                throw ConfiguredValue.Refused($"{Key}:{name}: that is an option, and cannot be a name for endpoints too");
            }

            ConfiguredValue.Each(root.GetSection(name), setters);
        }
    }

    /// <summary>Where an option of these endpoints stands, or would.</summary>
    public static string Path(string name, string option) => $"{Path(name)}:{option}";

    public static string Path(string name) => name.Length == 0 ? Key : $"{Key}:{name}";

    private static Dictionary<string, Action<IConfigurationSection>> Setters(KippuOptions options) => new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(KippuOptions.Mode)] = section => options.Mode = ConfiguredValue.Mode(section),
        [nameof(KippuOptions.RingFile)] = section => options.RingFile = ConfiguredValue.Text(section),
        [nameof(KippuOptions.RingFileOptions)] = section => ConfiguredValue.Each(section, Setters(options.RingFileOptions)),
        [nameof(KippuOptions.RotateRing)] = section => options.RotateRing = ConfiguredValue.Flag(section),
        [nameof(KippuOptions.Rotation)] = section => ConfiguredValue.Each(section, Rotation(options)),
        [nameof(KippuOptions.ScopeName)] = section => options.ScopeName = ConfiguredValue.Text(section),
        [nameof(KippuOptions.PolicyVersion)] = section => options.PolicyVersion = ConfiguredValue.Number(section),
        [nameof(KippuOptions.MaxConcurrentHandshakes)] = section => options.MaxConcurrentHandshakes = ConfiguredValue.Number(section),
        [nameof(KippuOptions.ClientCertificateValidationId)] = section => options.ClientCertificateValidationId = ConfiguredValue.Text(section),
        [nameof(KippuOptions.Tickets)] = section => ConfiguredValue.Each(section, Setters(options.Tickets)),
        [nameof(KippuOptions.EarlyData)] = section => ConfiguredValue.Each(section, Setters(options.EarlyData)),
        [nameof(KippuOptions.Certificates)] = section => BindCertificates(section, options.Certificates),
    };

    private static Dictionary<string, Action<IConfigurationSection>> Setters(FileRingOptions file) => new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(FileRingOptions.OperatorKeyFiles)] = section => ConfiguredValue.Replace(section, file.OperatorKeyFiles),
        [nameof(FileRingOptions.AcceptPlain)] = section => file.AcceptPlain = ConfiguredValue.Flag(section),
        [nameof(FileRingOptions.PollInterval)] = section => file.PollInterval = ConfiguredValue.Time(section),
        [nameof(FileRingOptions.HighWaterFile)] = section => file.HighWaterFile = ConfiguredValue.Text(section),
        [nameof(FileRingOptions.StartWithoutRing)] = section => file.StartWithoutRing = ConfiguredValue.Flag(section),
    };

    private static Dictionary<string, Action<IConfigurationSection>> Rotation(KippuOptions options) => new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(RotationSchedule.Interval)] = section => options.Rotation = options.Rotation with { Interval = ConfiguredValue.Time(section) },
        [nameof(RotationSchedule.MaxTicketLifetime)] = section => options.Rotation = options.Rotation with { MaxTicketLifetime = ConfiguredValue.Time(section) },
        [nameof(RotationSchedule.ClockSkew)] = section => options.Rotation = options.Rotation with { ClockSkew = ConfiguredValue.Time(section) },
        [nameof(RotationSchedule.Propagation)] = section => options.Rotation = options.Rotation with { Propagation = ConfiguredValue.Time(section) },
    };

    private static Dictionary<string, Action<IConfigurationSection>> Setters(TicketOptions tickets) => new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(TicketOptions.Enabled)] = section => tickets.Enabled = ConfiguredValue.Flag(section),
        [nameof(TicketOptions.Lifetime)] = section => tickets.Lifetime = ConfiguredValue.Time(section),
        [nameof(TicketOptions.MaxLineage)] = section => tickets.MaxLineage = ConfiguredValue.Time(section),
        [nameof(TicketOptions.ClockSkew)] = section => tickets.ClockSkew = ConfiguredValue.Time(section),
        [nameof(TicketOptions.Renewal)] = section => tickets.Renewal = ConfiguredValue.Name<TicketRenewal>(section),
        [nameof(TicketOptions.PerFullHandshake)] = section => tickets.PerFullHandshake = ConfiguredValue.Number(section),
        [nameof(TicketOptions.PerResumption)] = section => tickets.PerResumption = ConfiguredValue.Number(section),
        [nameof(TicketOptions.IssueOnRejection)] = section => tickets.IssueOnRejection = ConfiguredValue.Flag(section),
        [nameof(TicketOptions.AllowLegacyResumption)] = section => tickets.AllowLegacyResumption = ConfiguredValue.Flag(section),
    };

    private static Dictionary<string, Action<IConfigurationSection>> Setters(EarlyDataOptions early) => new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(EarlyDataOptions.MaxSize)] = section => early.MaxSize = ConfiguredValue.Number(section),
        [nameof(EarlyDataOptions.FreshnessWindow)] = section => early.FreshnessWindow = ConfiguredValue.Time(section),
        [nameof(EarlyDataOptions.ReplayScope)] = section => early.ReplayScope = ConfiguredValue.Name<ReplayScope>(section),
    };

    /// <summary>A list of endpoints of a name replaces that of all: it does not add to it.</summary>
    private static void BindCertificates(IConfigurationSection section, IList<CertificateFile> certificates)
    {
        certificates.Clear();
        foreach (var entry in section.GetChildren())
        {
            var file = new CertificateFile();
            ConfiguredValue.Each(entry, new Dictionary<string, Action<IConfigurationSection>>(StringComparer.OrdinalIgnoreCase)
            {
                [nameof(CertificateFile.Path)] = value => file.Path = ConfiguredValue.Text(value),
                [nameof(CertificateFile.KeyPath)] = value => file.KeyPath = ConfiguredValue.Text(value),
                [nameof(CertificateFile.Password)] = value => file.Password = ConfiguredValue.Text(value),
            });
            certificates.Add(file);
        }
    }
}
