namespace Examples.Digits;

/// <summary>The loss and accuracy of one training run after each epoch; the first entry is before the first step.</summary>
internal sealed class LearningCurve(Contender contender, double learningRate)
{
    private readonly List<double> _loss = [], _accuracy = [];

    /// <summary>The optimizer.</summary>
    public Contender Contender { get; } = contender;

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; } = learningRate;

    /// <summary>The mean cross-entropy over the training images.</summary>
    public IReadOnlyList<double> Loss => _loss;

    /// <summary>The fraction of test images classified correctly.</summary>
    public IReadOnlyList<double> Accuracy => _accuracy;

    /// <summary>The time of the training steps, without the measurements between them.</summary>
    public TimeSpan Time { get; set; }

    /// <summary>Adds the measurements after one more epoch.</summary>
    public void Add(double loss, double accuracy)
    {
        _loss.Add(loss);
        _accuracy.Add(accuracy);
    }

    /// <summary>The first epoch after which the accuracy was at least <paramref name="target"/>, or null.</summary>
    public int? FirstEpochAt(double target)
    {
        int epoch = _accuracy.FindIndex(accuracy => accuracy >= target);
        return epoch < 0 ? null : epoch;
    }

    /// <summary>The first epoch from which on the accuracy was never below <paramref name="target"/> again, or null.</summary>
    public int? StaysFrom(double target)
    {
        int epoch = 1 + _accuracy.FindLastIndex(accuracy => !(accuracy >= target));
        return epoch == _accuracy.Count ? null : epoch;
    }
}
