using System.Diagnostics.CodeAnalysis;
using Engine;
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;
using static System.FormattableString;

namespace Examples.Compare;

/// <summary>An update rule with a learning rate.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Rate">The learning rate.</param>
internal sealed record CompareCandidate(string Rule, double Rate)
{
    private const double TestFraction = 0.2;
    private const int Batch = 32, Hidden = 32;

    /// <summary>
    /// The rules of the catalog that are trained and measured at the same weights, by a gradient alone: without those that answer with an
    /// average of the weights, and those that need a curvature.
    /// </summary>
    public static IReadOnlyList<RuleCatalogEntry> Rules { get; } =
    [
        .. RuleCatalog.Rules.Where(rule =>
            !typeof(IAveragedRule).IsAssignableFrom(rule.Type) && !typeof(ICurvatureRule).IsAssignableFrom(rule.Type)),
    ];

    /// <summary>The name in the table: the rate with three digits.</summary>
    public string Label => Invariant($"{Rule} {Rate:G3}");

    /// <summary>The name in a study's file, which tells it from candidates of other data or with another seed.</summary>
    public string NameIn(CompareSettings settings) => Invariant($"{settings.Data.Name}, seed {settings.Seed}, {Rule}, {Rate:R}");

    /// <summary>Trains a small network, and gives the accuracy on examples held out after each epoch; NaN when it diverges.</summary>
    public IEnumerable<double> Train(Dataset<float> data, Trial trial)
    {
        (Dataset<float> train, Dataset<float> test) = data.StratifiedSplit(TestFraction, trial.Key.Fold("split"));
        Standardizer scaler = Standardizer.Fit(train);
        (train, test) = (scaler.Apply(train), scaler.Apply(test));
        Sequential<float> network = new(
            new Linear<float>(train.Inputs.Shape[1], Hidden, trial.Key.Fold("first")),
            new Relu<float>(),
            new Linear<float>(Hidden, train.ClassCount, trial.Key.Fold("last")));
        Optimizer<float> optimizer = Optimizer(network.Parameters);
        Trainer<float, Batch<float>> trainer = new(
            network,
            optimizer,
            batch => network.Forward(batch.Inputs),
            (logits, batch) => logits.CrossEntropy(batch.Labels));
        trainer.Measure(new Accuracy(), (metric, logits, batch) => metric.Add(logits, batch.Labels));
        Batches<float> batches = train.Batches(Batch, trial.Key.Fold("batches")), tests = test.Batches(test.Count);
        while (true)
        {
            TrainingHistory history = trainer.Fit(batches, TrainingLength.Epochs(1), tests);
            bool isFinite = history.StopReason != StopReason.Diverged && double.IsFinite(history.Epochs[^1].ValidationLoss!.Value);
            yield return isFinite ? history.Epochs[^1]["accuracy"] : double.NaN;
        }
    }

    /// <summary>A rule that takes matrices alone has the weights, and AdamW with the same rate the biases.</summary>
    private Optimizer<float> Optimizer(IReadOnlyList<Parameter<float>> parameters)
    {
        RuleCatalogEntry rule = Rules.First(entry => entry.Name == Rule);
        bool matricesOnly = rule.Accept(new TakesMatricesOnly());
        Optimizer<float> optimizer = new();
        rule.AddTo(optimizer, parameters.Where(parameter => !matricesOnly || parameter.Shape.Rank == 2)).LearningRate = Rate;
        if (matricesOnly)
        {
            optimizer.AddGroup(new AdamW { LearningRate = Rate }, parameters.Where(parameter => parameter.Shape.Rank != 2));
        }
        return optimizer;
    }

    /// <summary>Whether a rule refuses biases.</summary>
    private sealed class TakesMatricesOnly : IRuleVisitor<bool>
    {
        public bool VisitElementwise<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) where TRule : struct, IRule => false;

        public bool VisitTensor<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) where TRule : struct, ITensorRule =>
            TRule.MatricesOnly;

        public bool VisitModel<[DynamicallyAccessedMembers(PublicProperties)] TRule>(TRule rule) where TRule : struct, IModelRule => false;
    }
}
