using Kippu.AspNetCore.Configuration;
using Kippu.AspNetCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Kippu.AspNetCore.Hosting;

/// <summary>The mode of one set of options: the way back to <c>SslStream</c>, without a restart. A configuration that has become wrong changes nothing.</summary>
internal sealed class ModeSwitch : IDisposable
{
    private readonly string _name;
    private readonly IConfiguration _configuration;
    private readonly ILogger _log;
    private readonly IDisposable? _subscription;
    private double _share;

    /// <param name="name">The name of the options.</param>
    /// <param name="initial">What code and configuration have agreed on at the start.</param>
    /// <param name="configuration">Of the application. If code has set another mode than stands there, code has the last word.</param>
    /// <param name="log">Says what changes.</param>
    public ModeSwitch(string name, KippuMode initial, IConfiguration configuration, ILogger log)
    {
        _name = name;
        _configuration = configuration;
        _log = log;
        _share = initial.Share;
        if (Configured() == initial)
        {
            _subscription = ChangeToken.OnChange(configuration.GetReloadToken, Look);
        }
    }

    /// <summary>Whether Kippu serves the connection that comes next.</summary>
    public bool TakesNext() => Volatile.Read(ref _share) is var share && (share == 100 || (share > 0 && Random.Shared.NextDouble() * 100 < share));

    public void Dispose() => _subscription?.Dispose();

    private KippuMode Configured()
    {
        var options = new KippuOptions();
        KippuSection.Bind(_configuration, _name, options);
        return options.Mode;
    }

    private void Look()
    {
        var where = KippuSection.Path(_name, nameof(KippuOptions.Mode));
        var previous = KippuMode.Percent(_share);
        try
        {
            var mode = Configured();
            if (mode != previous)
            {
                Volatile.Write(ref _share, mode.Share);
                KippuLog.ModeChanged(_log, where, mode, previous);
            }
        }
        catch (OptionsValidationException wrong)
        {
            KippuLog.ModeKept(_log, where, previous, wrong.Message);
        }
    }
}
