namespace Examples.Compare;

/// <summary>The options of a comparison.</summary>
internal sealed record CompareSettings
{
    /// <summary>The data.</summary>
    public required CompareData Data { get; init; }

    /// <summary>The names of the update rules.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>The learning rates.</summary>
    public required LearningRates Rates { get; init; }

    /// <summary>How to search.</summary>
    public SearchMethod Search { get; init; }

    /// <summary>The rates that a grid has of a range.</summary>
    public int Points { get; init; } = 4;

    /// <summary>The candidates of a random search.</summary>
    public int Candidates { get; init; } = 12;

    /// <summary>The seeds of each candidate.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>The epochs of a whole trial.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>The trials that run at the same time.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>The accuracy to which epochs and seconds are counted, from 0 to 1.</summary>
    public double Target { get; init; } = 0.95;

    /// <summary>The file of the study, or null.</summary>
    public string? Study { get; init; }

    /// <summary>The seed of the splits, the weights, the batches and the random search.</summary>
    public long Seed { get; init; } = 1;
}
