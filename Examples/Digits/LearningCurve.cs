namespace Examples.Digits;

/// <summary>How one training went, epoch by epoch; the first entry of each list stands before the first step.</summary>
internal sealed class LearningCurve(Contender contender, double learningRate)
{
    private readonly List<double> _loss = [], _accuracy = [];

    /// <summary>Who was trained.</summary>
    public Contender Contender { get; } = contender;

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; } = learningRate;

    /// <summary>Mean cross-entropy over the training images.</summary>
    public IReadOnlyList<double> Loss => _loss;

    /// <summary>The share of test images put into their class.</summary>
    public IReadOnlyList<double> Accuracy => _accuracy;

    /// <summary>The time of the training steps, without the measuring between.</summary>
    public TimeSpan Time { get; set; }

    /// <summary>Adds what was measured after one more epoch.</summary>
    public void Add(double loss, double accuracy)
    {
        _loss.Add(loss);
        _accuracy.Add(accuracy);
    }

    /// <summary>The number of epochs after which the accuracy first was at least <paramref name="target"/>, if it ever was.</summary>
    public int? EpochsTo(double target)
    {
        int epoch = _accuracy.FindIndex(accuracy => accuracy >= target);
        return epoch < 0 ? null : epoch;
    }
}
