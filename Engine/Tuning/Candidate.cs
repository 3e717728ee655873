namespace Engine;

/// <summary>Something that a study compares: a name, and how it is trained.</summary>
public sealed class Candidate
{
    /// <summary>Creates a candidate.</summary>
    /// <param name="name">The name, which no other candidate of the study has.</param>
    /// <param name="run">
    /// Trains a fresh model, and gives the measured number (a validation loss, an accuracy) after each epoch, forever: the study takes as
    /// many as it needs. What it does must depend on the trial's seed and key alone, since trials run at the same time, on any thread.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public Candidate(string name, Func<Trial, IEnumerable<double>> run)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(run);
        (Name, Run) = (name, run);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Trains a fresh model, and gives the measured number after each epoch.</summary>
    public Func<Trial, IEnumerable<double>> Run { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
