using System.CommandLine;

namespace Kippu.Cli.Commands;

/// <summary>The options of a schedule of rotation. All who rotate one ring must give the same.</summary>
internal sealed class ScheduleOptions
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    public Option<string> Interval { get; } = OptionValues.Duration("--interval", "A key seals for so long; its successor is published as long before.", "12h");

    public Option<string> Propagation { get; } = OptionValues.Duration(
        "--propagation", "Within this time every node has a ring that was written; a tenth of the interval at most.", "5m");

    public Option<string> Skew { get; } = OptionValues.Duration("--skew", "How far the clocks of the fleet may differ.", "2m");

    public RotationSchedule Read(ParseResult result, TimeSpan maxTicketLifetime)
    {
        try
        {
            var schedule = new RotationSchedule
            {
                Interval = OptionValues.Duration(result, Interval, TimeSpan.FromSeconds(1), s_longest),
                Propagation = OptionValues.Duration(result, Propagation, TimeSpan.Zero, s_longest),
                ClockSkew = OptionValues.Duration(result, Skew, TimeSpan.Zero, TimeSpan.FromDays(1)),
                MaxTicketLifetime = maxTicketLifetime,
            };
            schedule.Validate();
            return schedule;
        }
        catch (ArgumentException e)
        {
            throw CommandFault.Usage($"this schedule cannot be kept: {e.Message}", "See --interval, --propagation and --skew.", e);
        }
    }
}
