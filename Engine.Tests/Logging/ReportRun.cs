namespace Engine.Tests.Logging;

/// <summary>A logged run with all that a report shows.</summary>
internal static class ReportRun
{
    /// <summary>A text that would break a page into which it were pasted.</summary>
    public const string Note = "</script><script>document.title = 'broken'</script> & \"quoted\" ünïcödé";

    /// <summary>The training loss at a step.</summary>
    public static double TrainingLoss(int step) => 2.0 / step;

    /// <summary>Logs the run and reads it.</summary>
    public static RunRecord Load(string directory)
    {
        TestClock clock = new(1_700_000_000);
        using (EventLog log = new(directory, new RunLogOptions { Clock = clock }))
        {
            log.Hyperparameters(
                new Dictionary<string, HyperparameterValue> { ["optimizer"] = "Adam", ["rate"] = 0.1, ["nesterov"] = true },
                ["loss/validation"]);
            log.Text("note", Note, 0);
            log.Text(TrainingLog.MachineTag, MachineDescription.Current, 0);
            for (int step = 1; step <= 200; step++)
            {
                clock.Seconds += 0.5;
                log.Scalar("loss/training", TrainingLoss(step), step);
                log.Scalar("learning-rate", 0.1 * (200 - step) / 200, step);
                log.Scalar("gradient-norm", 1 + Math.Sin(step / 10.0), step);
                log.Scalar("gradient-norm/0.weight", 0.5, step);
                log.Scalar("update-ratio/0.weight", 1e-3 / step, step);
                log.Scalar("update-ratio/2.weight", 2e-3 / step, step);
                if (step % 20 == 0)
                {
                    log.Scalar("loss/validation", step == 80 ? double.NaN : 2.5 / step, step);
                    log.Scalar("metrics/accuracy", 1 - 1.0 / step, step);
                }
            }
            log.Outcome = RunOutcome.Succeeded;
        }
        return RunRecord.Load(directory);
    }

    /// <summary>Two classes; of three cats one is taken for a dog.</summary>
    public static ConfusionMatrix Matrix()
    {
        ConfusionMatrix matrix = new(["cat", "dog"]);
        matrix.Add(Tensor<float>.From([1, 0, 1, 0, 0, 1, 0, 1], [4, 2]), [0, 0, 0, 1]);
        return matrix;
    }
}
