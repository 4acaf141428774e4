using System.CommandLine;

namespace Kippu.Cli.Commands;

/// <summary>The options of a schedule of rotation. All who rotate one ring must give the same.</summary>
internal sealed class ScheduleOptions
{
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
                Interval = OptionValues.Duration(result, Interval),
                Propagation = OptionValues.Duration(result, Propagation),
                ClockSkew = OptionValues.Duration(result, Skew),
                MaxTicketLifetime = maxTicketLifetime,
            };
            schedule.Validate();
            return schedule;
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw CommandFault.Usage($"this schedule cannot be kept: {e.ActualValue} is out of range", "Intervals: 1s to 366d; skew: up to 1d; lifetime of tickets: 1s to 7d.", e);
        }
        catch (ArgumentException e)
        {
            throw CommandFault.Usage($"this schedule cannot be kept: {e.Message}", "See --interval, --propagation and --skew.", e);
        }
    }
}
