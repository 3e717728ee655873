namespace Engine;

/// <summary>A group whose rule may use the curvature of the loss.</summary>
internal interface ICurvatureGroup
{
    /// <summary>Whether the rule uses it.</summary>
    bool UsesCurvature { get; }

    /// <summary>
    /// Does all of the coming update that can throw: checks the hyperparameters, and initializes the state that is missing.
    /// </summary>
    void StageCurvature();

    /// <summary>Passes the present gradients, times <paramref name="factor"/>, to the rule as those that measure curvature.</summary>
    void UpdateCurvature(double factor);
}
