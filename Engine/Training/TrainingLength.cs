using System.Globalization;

namespace Engine;

/// <summary>When a training run ends: after a number of passes over the data, or after a number of updates.</summary>
public readonly record struct TrainingLength
{
    private readonly long _number;
    private readonly bool _countsUpdates;

    private TrainingLength(long number, bool countsUpdates, string name)
    {
        _number = number >= 1
            ? number
            : throw new ArgumentOutOfRangeException(
                name, string.Create(CultureInfo.InvariantCulture, $"TrainingLength: got {number} {name}, expected at least 1."));
        _countsUpdates = countsUpdates;
    }

    /// <summary>Passes over the training data; null where the updates are counted.</summary>
    public long? EpochCount => _countsUpdates ? null : _number;

    /// <summary>Updates of the optimizer; null where the epochs are counted.</summary>
    public long? UpdateCount => _countsUpdates ? _number : null;

    /// <summary>Ends after this many passes over the training data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public static TrainingLength Epochs(long epochs) => new(epochs, countsUpdates: false, nameof(epochs));

    /// <summary>Ends after this many updates, in the middle of an epoch if need be.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public static TrainingLength Updates(long updates) => new(updates, countsUpdates: true, nameof(updates));

    /// <summary>The number and what is counted.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{_number} {(_countsUpdates ? "updates" : "epochs")}");

    /// <summary>Whether a run that has made this many epochs and updates is at its end.</summary>
    internal bool IsReached(long epochs, long updates) => (_countsUpdates ? updates : epochs) >= _number;
}
